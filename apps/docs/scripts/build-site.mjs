// Builds the site into dist: gathers Markdown, writes the reference, and lets VitePress make pages of both.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vitepress';
import { gather } from './gather.mjs';
import { content, docs } from './places.mjs';
import { writeReference } from './reference.mjs';
import { writeServiceWorker } from './service-worker.mjs';

rmSync(content, { recursive: true, force: true });
await gather();
await writeReference();
await build(docs);
writeServiceWorker(join(docs, 'dist'));
