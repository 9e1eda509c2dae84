import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import type { KernelName } from '@model2vec-ts/pooling-kernels';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Page as KernelPage } from '../src/page.js';
import { type StaticServer, serveFolder } from './static-server.js';

const executablePath = inject('browser');

/** Kernels that run in a browser. */
const KERNELS: readonly KernelName[] = ['js', 'wasm'];

const TEXTS = [
  'Alan Turing was born in London.',
  '',
  'Ærøskøbing, naïve café, Straße, ŻÓŁĆ',
  '人工知能は1956年に学問分野として確立された。',
  'Искусственный интеллект',
  'مرحبا بالعالم',
  '👩‍👩‍👧‍👦 family 🇩🇰',
  'a\u0301 b\u200d c\ufeff \ud800 lone',
  'word '.repeat(2000),
  ...Array.from({ length: 600 }, (_, i) => `sentence number ${i} of many, ${(i * 7919) % 1000}`),
];

declare global {
  var page: KernelPage;
}

// One skipped test stands for all: the setup prints one line, which says why.
if (executablePath === undefined) it('every kernel in a real browser', ({ skip }) => skip());
else
  describe('in Chromium', () => {
    let browser: Browser;
    let server: StaticServer;
    let tab: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath,
        args: [
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-background-networking',
          '--disable-component-update',
          '--disable-sync',
        ],
      });
      server = await serveFolder(inject('site'), { isolated: false });
      tab = await browser.newPage();
      tab.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      tab.on('pageerror', (error) => complaints.push(error.message));
      await tab.goto(server.address);
      await tab.waitForFunction(() => globalThis.page !== undefined);
    });

    afterAll(async () => {
      await browser?.close();
      await server?.close();
    });

    it.each(KERNELS)('kernel %s gives the vectors of Node, bit for bit', async (kernel) => {
      const answer = await tab.evaluate((request) => globalThis.page.embed(request), {
        texts: TEXTS,
        kernel,
      });
      const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, kernel });
      const expected = await embedder.encodeDocuments(TEXTS);
      expect(answer.kernel).toBe(kernel);
      expect(answer.fingerprint).toBe(embedder.fingerprint);
      expect(answer.embeddings.length).toBe(TEXTS.length);
      for (const [i, embedding] of expected.entries()) {
        expect(answer.embeddings[i], JSON.stringify(TEXTS[i]?.slice(0, 60))).toEqual([...embedding]);
      }
      await embedder.close();
    });

    it('the kernel that is chosen without a wish is wasm', async () => {
      const answer = await tab.evaluate((request) => globalThis.page.embed(request), {
        texts: ['one'],
        kernel: 'auto' as const,
      });
      expect(answer.kernel).toBe('wasm');
    });

    it.each(KERNELS)('kernel %s conforms', async (kernel) => {
      const answer = await tab.evaluate((name) => globalThis.page.conformance(name), kernel);
      expect(answer.failed).toEqual([]);
      expect(answer.kernel).toBe(kernel);
      expect(answer.cases).toBeGreaterThan(20);
    });

    it('nothing complained in the console', () => {
      expect(complaints).toEqual([]);
    });
  });
