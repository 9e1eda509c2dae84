import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSiteIndex } from '@model2vec-ts/site-search';
import { openSiteSearch, type SiteSearch, SiteSearchError } from '@model2vec-ts/site-search/browser';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { CountingFetch } from './counting-fetch.js';
import { generatedPages } from './generated-site.js';

let folder: string;
let site: SiteSearch;

const PAGES = {
  'index.html':
    '<title>Harbour</title><main><h1>Harbour</h1><p>Boats, tides and the people of the coast.</main>',
  'animals/cats.html':
    '<title>Cats</title><main><h1>Cats</h1><p>A kitten drinks milk and sleeps for most of the day on a warm sofa.<h2 id="illness">Illness</h2><p>Take a cat that is ill to a veterinarian, who treats its disease with medicine.</main>',
  'money/loans.html':
    '<title>Loans</title><main><h1>Loans</h1><p>The bank charges interest on money that it lends for the purchase of a house.<h2 id="code E-4711">Error E4711</h2><p>The form reports E4711 if the account number has the wrong length.</main>',
  '404.html': '<main><h1>Not found</h1><p>There is no such kitten.</main>',
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'site-search-'));
  for (const [path, html] of Object.entries(PAGES)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), html);
  }
  await buildSiteIndex({ pages: folder });
  site = await open(folder);
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function open(at: string): Promise<SiteSearch> {
  return await openSiteSearch('https://site.test/site-search', new CountingFetch(at));
}

async function urls(query: string, options?: Parameters<SiteSearch['search']>[1]): Promise<string[]> {
  return (await site.search(query, options)).map(({ url }) => url.slice('https://site.test/'.length));
}

it('finds a section whose words the query does not share', async () => {
  expect((await urls('my pet needs a doctor', { mode: 'dense' }))[0]).toBe('animals/cats.html#illness');
});

it('finds a rare word by full text, whole or unfinished', async () => {
  const place = 'money/loans.html#code%20E-4711';
  expect(await urls('e4711', { mode: 'fullText' })).toEqual([place]);
  expect(await urls('e471', { mode: 'fullText' })).toEqual([]);
  expect(await urls('e471', { mode: 'fullText', unfinished: true })).toEqual([place]);
  expect((await urls('e4711'))[0]).toBe(place);
});

it('describes a hit by page, headings and the beginning of its text', async () => {
  const [hit] = await site.search('veterinarian');
  expect(hit).toMatchObject({ title: 'Cats', headings: ['Illness'] });
  expect(hit?.excerpt).toMatch(/^Take a cat that is ill/);
});

it('addresses the start page by its folder, and leaves out the error page', async () => {
  const all = await urls('harbour boats kitten such', { limit: 20 });
  expect(all).toContain('');
  expect(all.some((url) => url.includes('404'))).toBe(false);
});

it('returns no hit for a query without words', async () => {
  expect(await site.search(' ?!🦖 ', { mode: 'fullText' })).toEqual([]);
  expect(await site.search('')).toEqual([]);
});

it('loads the same file once', async () => {
  const counter = new CountingFetch(folder);
  const again = await openSiteSearch('https://site.test/site-search/', counter);
  expect(counter.requests).toBe(1);
  await again.search('kitten');
  const { requests } = counter;
  await again.search('kitten');
  expect(counter.requests).toBe(requests);
});

it('rejects a wrong option by naming it', async () => {
  await expect(site.search('x', { limit: 0 })).rejects.toThrow(
    'limit must be a whole number above 0; found 0',
  );
  await expect(site.search('x', { mode: 'fuzzy' as 'dense' })).rejects.toMatchObject({
    code: 'invalid-argument',
  });
});

it('writes equal bytes for equal pages, and removes the files of the index before', async () => {
  const files = (at: string) =>
    readdirSync(at, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.\w+$/.test(name))
      .sort()
      .map((name) => [name, readFileSync(join(at, name)).toString('base64')]);
  const before = files(join(folder, 'site-search'));
  const copy = mkdtempSync(join(tmpdir(), 'site-search-'));
  cpSync(folder, copy, { recursive: true });
  writeFileSync(join(copy, 'new.html'), '<p>A new page about sailing.');
  await buildSiteIndex({ pages: copy });
  expect(readdirSync(join(copy, 'site-search'))).toHaveLength(2);
  rmSync(join(copy, 'new.html'));
  await buildSiteIndex({ pages: copy });
  expect(files(join(copy, 'site-search'))).toEqual(before);
  rmSync(copy, { recursive: true });
});

it('finds the page that a query was taken from among many clusters', async () => {
  const many = mkdtempSync(join(tmpdir(), 'site-search-'));
  const pages = [...generatedPages(350)];
  await buildSiteIndex({ pages, out: join(many, 'site-search') });
  const search = await open(many);
  let found = 0;
  for (const { url, html } of pages.filter((_, i) => i % 17 === 0)) {
    const query = /<p>(.*?)\.<\/p>/.exec(html)![1]!.split(' ').slice(0, 30).join(' ');
    const hits = await search.search(query, { mode: 'dense', limit: 10 });
    if (hits.some((hit) => hit.url.includes(url))) found++;
  }
  expect(found).toBeGreaterThanOrEqual(15);
  rmSync(many, { recursive: true });
});

it('says what is missing: no index, another format, no page, another tokenizer', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'site-search-'));
  await expect(open(empty)).rejects.toMatchObject({ code: 'missing-index' });
  mkdirSync(join(empty, 'site-search'));
  writeFileSync(join(empty, 'site-search/index.json'), '{"format":99}');
  await expect(open(empty)).rejects.toMatchObject({ code: 'malformed' });
  writeFileSync(join(empty, 'site-search/index.json'), '<!doctype html>');
  await expect(open(empty)).rejects.toMatchObject({ code: 'malformed' });
  await expect(buildSiteIndex({ pages: empty })).rejects.toMatchObject({ code: 'no-pages' });
  await expect(buildSiteIndex({ pages: [] })).rejects.toThrow('out must name a folder');
  const failing = () => Promise.reject(new TypeError('offline'));
  await expect(openSiteSearch('https://site.test/', { fetch: failing })).rejects.toSatisfy(
    (error) => SiteSearchError.isInstance(error) && error.code === 'unreachable',
  );
  rmSync(empty, { recursive: true });
});

it('fetches a file again after a failure', async () => {
  const counter = new CountingFetch(folder);
  let isDown = false;
  const search = await openSiteSearch('https://site.test/site-search/', {
    fetch: (url) => (isDown ? Promise.resolve(new Response('', { status: 503 })) : counter.fetch(url)),
  });
  isDown = true;
  await expect(search.search('kitten')).rejects.toMatchObject({ code: 'unreachable' });
  isDown = false;
  expect(await search.search('kitten')).not.toHaveLength(0);
});
