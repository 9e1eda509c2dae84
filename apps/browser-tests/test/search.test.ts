import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { searchedTexts } from '../src/searched-texts.js';
import { type ChromiumTab, openPage } from './chromium.js';

const executablePath = inject('browser');
const site = inject('site');
const TEXTS = 20_000;

// One skipped test represents all: the setup prints one line with the reason.
if (executablePath === undefined) it('search in a real browser', ({ skip }) => skip());
else
  describe('search in Chromium', () => {
    let chromium: ChromiumTab;
    beforeAll(async () => {
      chromium = await openPage({ executablePath, site, isolated: false });
    });
    afterAll(() => chromium?.close());

    it('indexes 20,000 texts and finds what Node finds, with equal scores, also after loading', async () => {
      const expected = await searchedTexts(TEXTS);
      const found = await chromium.tab.evaluate((count) => globalThis.page.search(count), TEXTS);
      expect([found.kernel, found.rows, found.isSameAfterLoading]).toEqual(['wasm', TEXTS, true]);
      expect(found.hits).toEqual(expected.hits);
      // The first four are the dense ones, which always have hits.
      expect(found.hits.slice(0, 4).map((hits) => hits.length)).toEqual([5, 5, 5, 5]);
      expect(chromium.complaints).toEqual([]);
    });
  });
