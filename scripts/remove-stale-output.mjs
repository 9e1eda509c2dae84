// Removes compiler output for deleted sources from dist/ of the package in the current folder. The compiler leaves such files
// behind, and build caches restore them.
//   node ../../scripts/remove-stale-output.mjs
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const entry of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const output = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(entry);
  if (output && !existsSync(join('src', `${output[1]}.ts`))) rmSync(join('dist', entry));
}
