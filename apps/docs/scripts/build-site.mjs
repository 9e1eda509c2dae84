// Builds the site into dist: gathers Markdown, writes the reference, and renders both with VitePress.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { gather } from './gather.mjs';
import { deadLinks } from './links.mjs';
import { content, docs } from './places.mjs';
import { writePlainPages } from './plain-pages.mjs';
import { writeReference } from './reference.mjs';
import { writeServiceWorker } from './service-worker.mjs';

const site = join(docs, 'dist');
const base = process.env.DOCS_BASE ? `/${process.env.DOCS_BASE.replaceAll(/^\/|\/$/g, '')}/` : '/';
rmSync(content, { recursive: true, force: true });
await gather();
await writeReference();
await build(docs);
writeServiceWorker(site);
writePlainPages(site, content, base);

const dead = deadLinks(site, base);
if (dead.length > 0) {
  console.error(`broken links:\n${[...new Set(dead)].join('\n')}`);
  process.exitCode = 1;
}
