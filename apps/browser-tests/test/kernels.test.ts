import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { serveFolder } from '../../../scripts/static-server.mjs';
import type { EmbedAnswer } from '../src/page.js';
import { type ChromiumTab, openPage } from './chromium.js';
import { inNode, MODEL_FOLDER, worstDifference } from './node-embeddings.js';
import { TEXTS } from './texts.js';

const executablePath = inject('browser');
const site = inject('site');

/** WebAssembly would need `'wasm-unsafe-eval'`. */
const WITHOUT_WASM = "default-src 'self'; img-src data:";

// One skipped test represents all: the setup prints one line with the reason.
if (executablePath === undefined) it('every kernel in a real browser', ({ skip }) => skip());
else
  describe('in Chromium', () => {
    let chromium: ChromiumTab;
    beforeAll(async () => {
      chromium = await openPage({ executablePath, site, isolated: false });
    });
    afterAll(() => chromium?.close());

    it.each(['js', 'wasm'] as const)('kernel %s gives the vectors of Node, bit for bit', async (kernel) => {
      const answer = await chromium.tab.evaluate((request) => globalThis.page.embed(request), {
        texts: TEXTS,
        kernel,
      });
      const { fingerprint, embeddings } = await inNode(kernel);
      expect(answer.kernel).toBe(kernel);
      expect(answer.fingerprint).toBe(fingerprint);
      expect(answer.embeddings.length).toBe(TEXTS.length);
      for (const [i, embedding] of embeddings.entries()) {
        expect(answer.embeddings[i], JSON.stringify(TEXTS[i]?.slice(0, 60))).toEqual([...embedding]);
      }
    });

    it.each([
      'onnx-web on wasm',
      // WebGPU is requested without a GPU, so it computes in WebAssembly.
      'onnx-web on webgpu',
    ] as const)('kernel %s gives the vectors of Node up to rounding', async (kernel) => {
      const answer = await chromium.tab.evaluate((request) => globalThis.page.embed(request), {
        texts: TEXTS,
        kernel,
      });
      const { fingerprint, embeddings } = await inNode('js');
      expect(answer.kernel).toBe('onnx-web');
      expect(answer.fingerprint).toBe(fingerprint);
      expect(worstDifference(answer.embeddings, embeddings)).toBeLessThan(1e-6);
    });

    it('rows that are fetched by range from another origin give the vectors of Node, bit for bit', async () => {
      const server = await serveFolder(MODEL_FOLDER, { anyOrigin: true, ranges: true });
      try {
        const { embeddings } = await inNode('js');
        const few = TEXTS.slice(0, 2);
        const all = await chromium.tab.evaluate(
          ([folder, texts]) => globalThis.page.embedByRange(folder, texts),
          [server.address, TEXTS] as const,
        );
        expect(all.kernel).toBe('ranged');
        for (const [i, embedding] of embeddings.entries()) expect(all.embeddings[i]).toEqual([...embedding]);
        const first = await chromium.tab.evaluate(
          ([folder, texts]) => globalThis.page.embedByRange(folder, texts),
          [server.address, few] as const,
        );
        expect(first.embeddings[0]).toEqual([...embeddings[0]!]);
        // Of 7.6 MB, the header and the rows of eight tokens.
        expect(first.bytes).toBeLessThan(500_000);
      } finally {
        await server.close();
      }
    });

    it('the default kernel is wasm', async () => {
      const answer = await chromium.tab.evaluate((request) => globalThis.page.embed(request), {
        texts: ['one'],
        kernel: 'auto' as const,
      });
      expect(answer.kernel).toBe('wasm');
    });

    it.each(['js', 'wasm', 'onnx-web on wasm'] as const)('kernel %s conforms', async (kernel) => {
      const answer = await chromium.tab.evaluate((name) => globalThis.page.conformance(name), kernel);
      expect(answer.failed).toEqual([]);
      expect(kernel.startsWith(answer.kernel)).toBe(true);
      expect(answer.cases).toBeGreaterThan(20);
    });

    it('the console has no errors or warnings', () => {
      expect(chromium.complaints).toEqual([]);
    });

    it('a failed download is repeated on the next attempt', async () => {
      const { tab, close } = await openPage({ executablePath, site, isolated: false });
      try {
        const failed = new Set<string>();
        await tab.route('**/*.js', async (route) => {
          const url = route.request().url();
          if (failed.has(url)) return route.continue();
          failed.add(url);
          return route.abort();
        });
        let answer: EmbedAnswer | undefined;
        let before: number;
        do {
          before = failed.size;
          answer = await tab
            .evaluate((request) => globalThis.page.embed(request), {
              texts: ['one'],
              kernel: 'auto' as const,
            })
            .catch(() => undefined);
        } while (answer === undefined && failed.size > before);
        expect(answer?.kernel).toBe('wasm');
        for (const part of [/bert-/, /http-folder-/, /module\.generated-/])
          expect([...failed]).toContainEqual(expect.stringMatching(part));
      } finally {
        await close();
      }
    });

    it('the kernel is js if the page may not compile WebAssembly, and the vectors equal those of Node', async () => {
      const strict = await openPage({
        executablePath,
        site,
        isolated: false,
        contentSecurityPolicy: WITHOUT_WASM,
      });
      try {
        const answer = await strict.tab.evaluate((request) => globalThis.page.embed(request), {
          texts: TEXTS,
          kernel: 'auto' as const,
        });
        const { embeddings } = await inNode('js');
        expect(answer.kernel).toBe('js');
        expect(worstDifference(answer.embeddings, embeddings)).toBe(0);
        // The browser's own report about the policy is not an error of the page.
        expect(strict.complaints.filter((each) => !/Content Security Policy/i.test(each))).toEqual([]);
      } finally {
        await strict.close();
      }
    });
  });
