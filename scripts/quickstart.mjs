// From a fresh clone to vectors: npm run quickstart
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { environment, fail, installProject, requireNode, root, runTurbo } from './project-install.mjs';

requireNode();
await installProject();
await runTurbo(
  'Building',
  ['run', 'build', '--filter=@model2vec-ts/cli', '--output-logs=errors-only'],
  'the build failed, see above; with a changed file, git status shows which',
);
process.stdout.write('\n');

const demo = spawn(process.execPath, [join('apps', 'cli', 'dist', 'm2v.js'), 'demo'], {
  cwd: root,
  env: environment,
  stdio: 'inherit',
});
demo.on('close', (code) => {
  if (code !== 0) fail('the example failed, see above; add --verbose to the command for the stack');
  process.stdout.write(
    ['  npm test', '', 'The same from TypeScript: packages/embedding-function/README.md', ''].join('\n'),
  );
});
