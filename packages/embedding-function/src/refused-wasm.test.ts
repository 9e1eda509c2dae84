import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { WEB_ASSEMBLY_REFUSALS } from '../../../scripts/web-assembly-refusals.mjs';
import { fixture, MODELS, type ModelName, modelFolder } from './fixtures/model.js';

/** Enough text for the tokenizer to look for its fast path. */
const TEXTS = [...fixture.texts, 'the cat sat on the mat '.repeat(7000)];

interface Encoded {
  readonly kernel: string;
  readonly path: string;
  readonly first: Float32Array;
  readonly second: Float32Array;
}

/** Encodes with modules that have not probed the engine yet. */
async function encode(modelName: ModelName): Promise<Encoded> {
  vi.resetModules();
  const { Model2VecEmbeddingFunction } = await import('./model2vec-embedding-function.js');
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: modelFolder(modelName),
    threads: 1,
  });
  const { data: first } = await embedder.encode(TEXTS);
  // The fast path loads in the background.
  await new Promise((resolve) => setTimeout(resolve, 50));
  const { data: second } = await embedder.encode(TEXTS);
  const { kernel, tokenizer } = embedder;
  const { path } = tokenizer;
  await embedder.close();
  return { kernel, path, first, second };
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

describe.each(MODELS)('model %s', (modelName) => {
  let expected: Encoded;
  beforeAll(async () => {
    expected = await encode(modelName);
    expect(expected.kernel).toBe('wasm');
  });

  it.each(WEB_ASSEMBLY_REFUSALS)(
    'gives the same bits if WebAssembly is refused as in %s',
    async (_, namespace) => {
      vi.stubGlobal('WebAssembly', namespace);
      expect(await encode(modelName)).toEqual({ ...expected, kernel: 'js', path: 'readable' });
    },
  );
});
