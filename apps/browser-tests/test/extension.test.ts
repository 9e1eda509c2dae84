import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { SWITCHES } from './chromium.js';
import { inNode, worstDifference } from './node-embeddings.js';
import { MANY, TEXTS } from './texts.js';

const executablePath = inject('browser');
const site = inject('site');

/** The site as an extension, whose pages are isolated so that they may share memory. */
const MANIFEST = {
  manifest_version: 3,
  name: 'model2vec-ts',
  version: '1',
  cross_origin_opener_policy: { value: 'same-origin' },
  cross_origin_embedder_policy: { value: 'require-corp' },
};

/** Id of an unpacked extension: the first half of the hash of its path, with letters as digits. */
function extensionId(folder: string): string {
  const digits = createHash('sha256').update(folder).digest('hex').slice(0, 32);
  return [...digits].map((digit) => String.fromCharCode(97 + Number.parseInt(digit, 16))).join('');
}

// One skipped test represents all: the setup prints one line with the reason.
if (executablePath === undefined) it('an extension', ({ skip }) => skip());
else
  describe('in an extension of Chromium', () => {
    let folder: string;
    let browser: BrowserContext;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'model2vec-extension-'));
      await cp(site, folder, { recursive: true });
    });
    afterEach(async () => {
      await browser?.close();
      await rm(folder, { recursive: true, force: true });
    });

    it.each([
      ['allows', { extension_pages: "script-src 'self' 'wasm-unsafe-eval'; object-src 'self'" }, 'wasm'],
      ['forbids', undefined, 'js'],
    ] as const)(
      'the bundled model loads and embeds on threads if the manifest %s WebAssembly',
      async (_, content_security_policy, kernel) => {
        await writeFile(
          join(folder, 'manifest.json'),
          JSON.stringify({ ...MANIFEST, content_security_policy }),
        );
        browser = await chromium.launchPersistentContext('', {
          executablePath,
          args: [
            ...SWITCHES,
            '--disable-gpu',
            `--disable-extensions-except=${folder}`,
            `--load-extension=${folder}`,
          ],
        });
        const tab = await browser.newPage();
        await tab.goto(`chrome-extension://${extensionId(folder)}/index.html`);
        await tab.waitForFunction(() => globalThis.page !== undefined);
        const answer = await tab.evaluate((request) => globalThis.page.embed(request), {
          texts: TEXTS,
          kernel: 'auto' as const,
        });
        expect(answer.kernel).toBe(kernel);
        expect(worstDifference(answer.embeddings, (await inNode('js')).embeddings)).toBe(0);
        const threaded = await tab.evaluate((texts) => globalThis.page.embedOnThreads(texts, 'auto'), MANY);
        expect(threaded).toMatchObject({ threads: 2, difference: -1, streamed: MANY.length });
        await tab.evaluate((texts) => globalThis.page.closeThreads(texts), MANY);
      },
    );
  });
