import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSiteIndex } from '@model2vec-ts/site-search';
import { openSiteSearch } from '@model2vec-ts/site-search/browser';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CountingFetch } from './counting-fetch.js';
import { generatedPages } from './generated-site.js';

const QUERIES = [
  'how do I repair a broken bicycle wheel',
  'history of the roman empire',
  'best music for a wedding',
  'treat a fever in children',
  'who wrote the first computer program',
];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'site-search-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Size of the client, as a page loads it: bundled, minified, by gzip. */
async function codeBytes(): Promise<number> {
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../src/browser.ts', import.meta.url)),
    resolve: {
      conditionNames: ['@model2vec-ts/source', 'browser', 'import', 'default'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  return gzipSync(output[0].code).length;
}

it('a visit with five queries on 10,000 pages transfers at most 400 kB, its code included', async () => {
  const report = await buildSiteIndex({ pages: generatedPages(10_000), out: join(folder, 'search') });
  expect(report.pages).toBe(10_000);
  const counter = new CountingFetch(folder);
  const site = await openSiteSearch('https://site.test/search/', counter);
  const code = await codeBytes();
  const steps: string[] = [];
  for (const query of QUERIES) {
    expect(await site.search(query)).toHaveLength(8);
    steps.push(`${Math.round((code + counter.bytes) / 1000)} kB`);
  }
  process.stdout.write(
    `code ${code} B; ${report.passages} passages; after each query: ${steps.join(', ')}; ${counter.requests} requests\n`,
  );
  expect(code).toBeLessThan(12_000);
  expect(code + counter.bytes).toBeLessThan(400_000);
});
