// Builds the packages and packs them into tarballs/, so that another project can install them from this clone: npm run pack
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fail, installProject, requireNode, root, runTurbo } from './project-install.mjs';
import { runProgram } from './publishing/program.mjs';
import { publicPackages } from './publishing/workspace.mjs';

const tarballs = join(root, 'tarballs');
const pnpm = join(root, 'node_modules/pnpm/bin/pnpm.cjs');

requireNode();
await installProject();
const packages = publicPackages();
await runTurbo(
  'Building',
  ['run', 'build', ...packages.map(({ name }) => `--filter=${name}`), '--output-logs=errors-only'],
  'the build failed, see above; with a changed file, git status shows which',
);
rmSync(tarballs, { recursive: true, force: true });
mkdirSync(tarballs);
for (const { name, folder } of packages) {
  const packed = await runProgram(process.execPath, [pnpm, 'pack', '--pack-destination', tarballs], {
    cwd: join(root, folder),
  });
  if (!packed.ok) fail(`${name} cannot be packed:\n${packed.output}`);
}
process.stdout.write(
  [
    `${readdirSync(tarballs).length} packages are in ${tarballs}. Install them all at once, because they need each other:`,
    '',
    `  npm install ${join(tarballs, '*.tgz')}`,
    '',
  ].join('\n'),
);
