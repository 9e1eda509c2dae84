import { readFile } from 'node:fs/promises';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage, type PageBundle } from './page-bundle.js';

/** A program and its size limits, in bytes after gzip. */
interface Program {
  readonly name: string;
  readonly code: string;
  /** Limit for the code loaded before the program runs. */
  readonly atFirst: number;
  /** Limit including what `run` imports, with a BERT-like tokenizer if it needs one. */
  readonly atWork: number;
}

const PROGRAMS: readonly Program[] = [
  {
    name: 'any tokenizer',
    code: `import { loadTokenizer } from '@model2vec-ts/tokenizer';
      globalThis.runPage = (model) => loadTokenizer(model['tokenizer.json']).encode('some text');`,
    atFirst: 50_000,
    atWork: 50_000,
  },
  {
    name: 'the tokenizer that comes',
    code: `import { loadTokenizerLazily } from '@model2vec-ts/tokenizer/lazy';
      globalThis.runPage = async (model) => (await loadTokenizerLazily(model['tokenizer.json'])).encode('some text');`,
    atFirst: 500,
    atWork: 9000,
  },
  {
    name: 'the tokenizer once it has read much',
    code: `import { loadTokenizerLazily } from '@model2vec-ts/tokenizer/lazy';
      globalThis.runPage = async (model) => {
        const tokenizer = await loadTokenizerLazily(model['tokenizer.json']);
        if (tokenizer.path !== 'readable') throw new TypeError(tokenizer.path);
        const { length } = tokenizer.encode('some text '.repeat(7000));
        while (tokenizer.path !== 'fast') await new Promise((resolve) => setTimeout(resolve, 10));
        if (tokenizer.encode('some text '.repeat(7000)).length !== length) throw new TypeError('other ids');
      };`,
    atFirst: 500,
    atWork: 15_500,
  },
  {
    name: 'the js kernel',
    code: `import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
      globalThis.runPage = async () => {
        const table = { dtype: 'float32', rows: 1, dim: 2, data: Float32Array.of(1, 2) };
        const kernel = await jsKernel.load(table);
        kernel.pool({ ids: Uint32Array.of(0), offsets: Uint32Array.of(0, 1) }, new Float32Array(2), { normalize: true });
      };`,
    atFirst: 1200,
    atWork: 3000,
  },
  {
    name: 'the wasm kernel',
    code: `import { wasmKernel } from '@model2vec-ts/pooling-kernels/wasm';
      globalThis.runPage = async () => {
        const table = { dtype: 'float32', rows: 1, dim: 2, data: Float32Array.of(1, 2) };
        const kernel = await wasmKernel.load(table);
        kernel.pool({ ids: Uint32Array.of(0), offsets: Uint32Array.of(0, 1) }, new Float32Array(2), { normalize: true });
      };`,
    atFirst: 4000,
    atWork: 6200,
  },
  {
    name: 'the embedding function with the wasm kernel',
    code: `import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
      globalThis.runPage = async (modelSource) => {
        const embedder = await Model2VecEmbeddingFunction.create({ modelSource });
        const [embedding] = await embedder.encodeDocuments(['some text']);
        if (embedder.kernel !== 'wasm' || embedding.length !== 256) throw new TypeError(embedder.kernel);
        await embedder.close();
      };`,
    atFirst: 15_000,
    atWork: 25_000,
  },
];

let model: Readonly<Record<string, Uint8Array>>;
beforeAll(async () => {
  const files = Object.entries(minilmL6).map(async ([name, url]) => [name, await readFile(url)] as const);
  model = Object.fromEntries(await Promise.all(files));
});

describe.each(PROGRAMS)('a page with $name', ({ name, code, atFirst, atWork }) => {
  let page: PageBundle;
  beforeAll(async () => {
    page = await bundlePage(name.replaceAll(' ', '-'), code);
  });
  afterAll(() => page?.remove());

  it(`loads at most ${atFirst} bytes at first, and at most ${atWork} in total`, async () => {
    const loaded = await page.run(model);
    process.stdout.write(`${name}: ${page.atFirst} bytes at first, ${loaded} at work\n`);
    expect(page.atFirst).toBeLessThanOrEqual(atFirst);
    expect(loaded).toBeLessThanOrEqual(atWork);
    expect(loaded).toBeGreaterThanOrEqual(page.atFirst);
  });

  it('can load no file with ONNX Runtime or Node code', () => {
    expect(page.files.size).toBeGreaterThan(0);
    for (const [file, text] of page.files) {
      // Searches for quoted module names, because a property may be called `node`.
      for (const word of [/onnxruntime/, /["'`]node:/])
        expect(word.test(text), `${word} in ${file}`).toBe(false);
    }
  });
});
