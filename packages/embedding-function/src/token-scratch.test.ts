import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
import { wasmKernel } from '@model2vec-ts/pooling-kernels/wasm';
import { loadTokenizer, type TokenBatch } from '@model2vec-ts/tokenizer';
import { expect, it } from 'vitest';
import { TokenScratch } from './token-scratch.js';

const tokenizer = loadTokenizer({
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: { type: 'WordLevel', vocab: { a: 0, b: 1, '?': 2 }, unk_token: '?' },
});
const table = { dtype: 'float32', rows: 3, dim: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) } as const;

/** The part of memory that belongs to the batch. */
function contentOf({ ids, offsets }: TokenBatch): { ids: number[]; offsets: number[] } {
  return { ids: [...ids.subarray(0, offsets[offsets.length - 1])], offsets: [...offsets] };
}

it.each([
  ['js', jsKernel],
  ['wasm', wasmKernel],
])('reads batches of all sizes for the %s kernel, one after the other', async (_name, kernel) => {
  const loaded = await kernel.load(table);
  const scratch = new TokenScratch(tokenizer, loaded);
  const expectRead = (
    texts: readonly string[],
    options: { maxTokens: number | null; dropUnknown: boolean },
  ) => {
    const batch = scratch.read(texts, options);
    const expected = tokenizer.encodeBatch(texts, options);
    expect(contentOf(batch)).toEqual(contentOf(expected));
    const [out, other] = [new Float32Array(texts.length * 2), new Float32Array(texts.length * 2)];
    void loaded.pool(batch, out, { normalize: false });
    void loaded.pool(expected, other, { normalize: false });
    expect(out).toEqual(other);
  };
  const all = { maxTokens: null, dropUnknown: true };
  // More ids than the wasm kernel has room for, and more than are kept otherwise.
  const huge = ['a b '.repeat(50_000), 'b'];
  for (const texts of [['a b c'], ['a', '', 'b b'], huge, ['b'], [], ['b a'], huge, huge, ['a']]) {
    expectRead(texts, all);
    expectRead(texts, { maxTokens: 2, dropUnknown: false });
  }
});

it('lets the wasm kernel read ids in place, even after a batch that did not fit', async () => {
  const loaded = await wasmKernel.load(table);
  const scratch = new TokenScratch(tokenizer, loaded);
  const options = { maxTokens: null, dropUnknown: true };
  const { buffer } = scratch.read(['a'], options).ids;
  expect(buffer).toBe(loaded.tokenSink?.().ids.buffer);
  expect(scratch.read(['a '.repeat(70_000)], options).ids.buffer).not.toBe(buffer);
  expect(scratch.read(['a'], options).ids.buffer).toBe(buffer);
});
