import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type ChromiumTab, openPage } from './chromium.js';
import { inNode, worstDifference } from './node-embeddings.js';
import { TEXTS } from './texts.js';

const executablePath = inject('browser');
const site = inject('site');

// The setup prints one line with the reason for the whole file.
if (executablePath === undefined) it('WebGPU in a real browser', ({ skip }) => skip());
else
  describe('in Chromium with WebGPU', () => {
    let chromium: ChromiumTab;
    let missing: string | undefined;
    beforeAll(async () => {
      chromium = await openPage({
        executablePath,
        site,
        isolated: false,
        // Uses the software adapter, because a GPU may add in a different order on each call.
        switches: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
      });
      missing = await chromium.tab.evaluate(() => globalThis.page.missingWebGpu());
    });
    afterAll(() => chromium?.close());

    it('kernel onnx-web gives the vectors of Node up to rounding', async ({ skip }) => {
      if (missing !== undefined) {
        process.stdout.write(`SKIPPED vectors of onnx-web on WebGPU: ${missing}\n`);
        return skip();
      }
      const answer = await chromium.tab.evaluate((request) => globalThis.page.embed(request), {
        texts: TEXTS,
        kernel: 'onnx-web on webgpu' as const,
      });
      const { embeddings } = await inNode('js');
      expect(worstDifference(answer.embeddings, embeddings)).toBeLessThan(1e-6);
    });

    it('kernel onnx-web conforms', async ({ skip }) => {
      if (missing !== undefined) {
        process.stdout.write(`SKIPPED conformance of onnx-web on WebGPU: ${missing}\n`);
        return skip();
      }
      const answer = await chromium.tab.evaluate(
        (name) => globalThis.page.conformance(name),
        'onnx-web on webgpu' as const,
      );
      expect(answer.failed).toEqual([]);
      expect(answer.cases).toBeGreaterThan(20);
    });

    it('the console has no errors or warnings', () => {
      expect(chromium.complaints).toEqual([]);
    });
  });
