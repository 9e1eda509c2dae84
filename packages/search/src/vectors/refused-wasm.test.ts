import { afterEach, expect, it, vi } from 'vitest';
import { WEB_ASSEMBLY_REFUSALS } from '../../../../scripts/web-assembly-refusals.mjs';

const TEXTS = Array.from({ length: 300 }, (_, i) => `text ${i % 250} about subject ${i % 17} and ${i % 5}`);

/** Searches and deduplicates with modules that have not probed the engine yet. */
async function results(): Promise<{ kernels: string[]; found: unknown[] }> {
  vi.resetModules();
  const { semanticDeduplicate, TextIndex } = await import('../index.js');
  const { wordEmbedder } = await import('../testing.js');
  const embedder = wordEmbedder();
  const kernels: string[] = [];
  const found: unknown[] = [await semanticDeduplicate(TEXTS, { embedder })];
  for (const vectorType of ['float32', 'int8', 'binary'] as const) {
    const index = await TextIndex.create({ embedder, vectorType });
    await index.upsert(TEXTS.map((text, id) => ({ id, text })));
    kernels.push(index.kernel);
    found.push(await index.search('subject 3', { limit: 20, mode: 'dense' }));
  }
  return { kernels, found };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

it.each(WEB_ASSEMBLY_REFUSALS)('finds the same if WebAssembly is refused as in %s', async (_, namespace) => {
  const { kernels, found } = await results();
  expect(kernels).toEqual(['wasm', 'wasm', 'wasm']);
  vi.stubGlobal('WebAssembly', namespace);
  expect(await results()).toEqual({ kernels: ['js', 'js', 'js'], found });
});
