#!/usr/bin/env node
// Compiles every TypeScript block of the READMEs, the guides and the doc comments against the built packages, in one
// compiler run, and runs the blocks that are marked `run`. Prints 'N passed, N failed', counting blocks.
//   node scripts/check-examples.mjs [--clients FOLDER]
// Blocks marked `client` need packages that the workspace lacks; with --clients only they are compiled, against the packages
// that FOLDER has installed.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeBlocks } from './examples/code-blocks.mjs';
import { root } from './project-install.mjs';
import { finish } from './suite.mjs';

const clients = process.argv[2] === '--clients' ? process.argv[3] : undefined;
const folder = join(root, clients === undefined ? '.cache/examples' : '.cache/client-examples');
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'work'), { recursive: true });

/** Lists tracked and new files, without generated and ignored ones. */
function sourceFiles() {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  const { stdout, status, stderr } = spawnSync('git', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`git ls-files failed: ${stderr}`);
  return stdout.split('\n').filter((file) => file !== '' && existsSync(join(root, file)));
}

const documents = /^(?:[^/]+\.md|docs\/.*\.md|(?:packages|apps)\/[^/]+\/README\.md)$/;
const sources = /^(?:packages|apps)\/[^/]+\/src\/.*(?<!\.test)(?<!\.generated)\.ts$/;
const blocks = sourceFiles()
  .filter((file) => documents.test(file) || sources.test(file))
  .flatMap((file) => codeBlocks(join(root, file), file))
  .filter(({ client }) => client === (clients !== undefined));

if (clients !== undefined) {
  const installed = join(clients, 'node_modules');
  const scopes = readdirSync(installed).filter((name) => name.startsWith('@'));
  const scoped = scopes.flatMap((scope) =>
    readdirSync(join(installed, scope)).map((name) => `${scope}/${name}`),
  );
  const plain = readdirSync(installed).filter((name) => /^[^@.]/.test(name));
  for (const name of [...plain, ...scoped]) install(name, join(installed, name));
}
// Packages are linked where a user's project would have them, so that their `exports` decide what an example can import.
for (const group of ['packages', 'apps']) {
  for (const name of readdirSync(join(root, group))) {
    const manifest = join(root, group, name, 'package.json');
    if (!existsSync(manifest)) continue;
    const {
      name: packageName,
      dependencies = {},
      peerDependencies = {},
    } = JSON.parse(readFileSync(manifest, 'utf8'));
    install(packageName, join(root, group, name));
    // A user's project also has a package's dependencies, and installs its peers.
    for (const dependency of Object.keys({ ...dependencies, ...peerDependencies })) {
      install(dependency, join(root, group, name, 'node_modules', dependency));
    }
  }
}
function install(name, target) {
  const link = join(folder, 'node_modules', name);
  if (existsSync(link)) return;
  mkdirSync(dirname(link), { recursive: true });
  symlinkSync(target, link, 'junction');
}
writeFileSync(join(folder, 'package.json'), '{ "type": "module", "private": true }\n');
writeFileSync(
  join(folder, 'tsconfig.json'),
  JSON.stringify({
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      isolatedDeclarations: false,
      declaration: false,
      declarationMap: false,
      sourceMap: false,
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      jsx: 'react-jsx',
      noEmitOnError: false,
      rootDir: 'src',
      outDir: 'out',
    },
    include: ['src'],
  }),
);
const files = blocks.map(({ file, line, code, path, extension }) => {
  const document = file.replaceAll(/[^\w-]+/g, '_');
  const name = path === undefined ? `${document}_${line}` : `${document}/${path.replace(/\.tsx?$/, '')}`;
  mkdirSync(dirname(join(folder, 'src', name)), { recursive: true });
  // Maps the compiler's line numbers to those of the document.
  writeFileSync(join(folder, 'src', `${name}.${extension}`), `${'\n'.repeat(line - 1)}${code}\n`);
  return name;
});

const compiler = spawnSync(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'],
  {
    cwd: folder,
    encoding: 'utf8',
  },
);
const problems = blocks.map(() => []);
const elsewhere = [];
let owner = elsewhere;
for (const text of compiler.stdout.split('\n').filter((each) => each !== '')) {
  const message = /^src\/(.+)\.tsx?\((\d+),(\d+)\): (.*)$/.exec(text);
  if (message) {
    const at = files.indexOf(message[1]);
    owner = problems[at];
    owner.push(`${blocks[at].file}:${message[2]}:${message[3]} ${message[4]}`);
  } else if (text.startsWith(' ')) owner.push(text);
  else {
    owner = elsewhere;
    owner.push(text);
  }
}
blocks.forEach(({ file, line, run, prints }, i) => {
  if (!run || problems[i].length > 0) return;
  const program = join(folder, 'out', `${files[i]}.js`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [program], {
    cwd: join(folder, 'work'),
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0)
    problems[i].push(`${file}:${line} ended with code ${status}\n${stdout}${stderr}`.trimEnd());
  else if (prints !== undefined && stdout.trimEnd() !== prints)
    problems[i].push(`${file}:${line} printed\n${stdout.trimEnd()}\ninstead of\n${prints}`);
});
for (const problem of [...problems.flat(), ...elsewhere]) console.log(problem);
console.log(`${blocks.length} blocks, ${blocks.filter(({ run }) => run).length} of them run`);
finish([
  {
    passed: problems.filter((list) => list.length === 0).length,
    failed: problems.filter((list) => list.length > 0).length,
  },
  { passed: 0, failed: elsewhere.length > 0 ? 1 : 0 },
]);
