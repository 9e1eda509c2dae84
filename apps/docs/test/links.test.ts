import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { deadLinks } from '../scripts/links.mjs';

let site: string;

beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), 'site-'));
  const links = ['b.html#yes', '#a', '/f.txt', 'https://example.com/x', 'b.html#no', '#c', 'd/', '/gone.txt'];
  writeFileSync(
    join(site, 'index.html'),
    `<h1 id="a"></h1>${links.map((href) => `<a class="x" href="${href}">x</a>`).join('')}`,
  );
  writeFileSync(join(site, 'b.html'), '<p id="yes">');
  writeFileSync(join(site, 'f.txt'), '');
});

afterAll(() => {
  rmSync(site, { recursive: true });
});

it('finds links to missing pages, anchors and files, and no others', () => {
  expect(deadLinks(site)).toEqual(
    ['b.html#no', '#c', 'd/', '/gone.txt'].map((href) => `index.html: ${href}`),
  );
});
