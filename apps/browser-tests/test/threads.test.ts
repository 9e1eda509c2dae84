import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChromiumTab, openPage } from './chromium.js';
import { MANY } from './texts.js';

const executablePath = inject('browser');
const site = inject('site');

// The setup prints one line with the reason for the whole file.
if (executablePath === undefined) it('threads in a real browser', ({ skip }) => skip());
else {
  describe('in a page with shared memory', () => {
    let chromium: ChromiumTab;
    beforeAll(async () => {
      chromium = await openPage({ executablePath, site, isolated: true });
    });
    afterAll(() => chromium?.close());

    it.each(['auto', 'wasm', 'js'] as const)(
      'two threads give the bits of one, with kernel %s',
      async (kernel) => {
        const { tab } = chromium;
        const answer = await tab.evaluate(
          ({ texts, kernel }) => globalThis.page.embedOnThreads(texts, kernel),
          { texts: MANY, kernel },
        );
        expect(answer).toMatchObject({ threads: 2, difference: -1, streamed: MANY.length });
        expect(answer.limit).toBeUndefined();
        expect(answer.batches).toBeGreaterThan(0);
        expect(tab.workers().length).toBe(1);
        const ended = await tab.evaluate((texts) => globalThis.page.closeThreads(texts), MANY);
        expect(ended).toBe('closed');
        await expect.poll(() => tab.workers().length).toBe(0);
      },
    );

    it('the console has no errors or warnings', () => {
      expect(chromium.complaints).toEqual([]);
    });
  });

  describe('in a page whose workers cannot be loaded', () => {
    let chromium: ChromiumTab;
    beforeAll(async () => {
      chromium = await openPage({ executablePath, site, isolated: true, without: /worker/ });
    });
    afterAll(() => chromium?.close());

    it('the page does all the work and reports the reason', async () => {
      const { tab, complaints } = chromium;
      const answer = await tab.evaluate((texts) => globalThis.page.embedOnThreads(texts, 'auto'), MANY);
      expect(answer).toMatchObject({ threads: 1, batches: 0, difference: -1, streamed: MANY.length });
      expect(answer.limit).toMatchObject({ code: 'threads-ended' });
      expect(tab.workers().length).toBe(0);
      // Expects only the browser's own message about a missing file.
      expect(complaints.filter((each) => !each.includes('404'))).toEqual([]);
    });
  });

  describe('in a page without shared memory', () => {
    let chromium: ChromiumTab;
    beforeAll(async () => {
      chromium = await openPage({ executablePath, site, isolated: false });
    });
    afterAll(() => chromium?.close());

    it('there is one thread, and the reason is reported', async () => {
      const { tab, complaints } = chromium;
      const answer = await tab.evaluate((texts) => globalThis.page.embedOnThreads(texts, 'auto'), MANY);
      expect(answer).toMatchObject({ threads: 1, batches: 0, difference: -1 });
      expect(answer.limit).toEqual({ code: 'not-isolated' });
      expect(tab.workers().length).toBe(0);
      expect(complaints).toEqual([]);
    });
  });
}
