// Serves the site while you write, and updates pages when their Markdown changes.
import { watch } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'vitepress';
import { gather } from './gather.mjs';
import { docs, root } from './places.mjs';
import { writeReference } from './reference.mjs';

await gather({ unfinished: true });
await writeReference();
const server = await createServer(docs, { host: '127.0.0.1' });
await server.listen();
server.printUrls();

let later;
const again = () => {
  clearTimeout(later);
  later = setTimeout(() => {
    gather({ unfinished: true }).catch((error) => console.error(error.message));
  }, 100);
};
for (const folder of ['docs', 'packages', 'apps/cli', 'apps/docs/pages', 'apps/docs/public']) {
  watch(join(root, folder), { recursive: true }, (_, file) => {
    if (file?.endsWith('.md') && !file.includes('node_modules')) again();
  });
}
