// Builds the packages and packs them into tarballs/, so that another project can install them from this clone: npm run pack
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, installProject, requireNode, root, runTurbo } from './project-install.mjs';
import { packTarball } from './publishing/tarball.mjs';
import { publicPackages } from './publishing/workspace.mjs';

const tarballs = join(root, 'tarballs');

requireNode();
await installProject();
const packages = publicPackages();
await runTurbo(
  'Building',
  ['run', 'build', ...packages.map(({ name }) => `--filter=${name}`), '--output-logs=errors-only'],
  'the build failed, see above; with a changed file, git status shows which',
);
rmSync(tarballs, { recursive: true, force: true });
for (const each of packages) {
  await packTarball(each, tarballs).catch(({ message }) => fail(message));
}
process.stdout.write(
  [
    `${readdirSync(tarballs).length} packages are in ${tarballs}. Install them all at once, because they need each other:`,
    '',
    `  npm install ${join(tarballs, '*.tgz')}`,
    '',
  ].join('\n'),
);
