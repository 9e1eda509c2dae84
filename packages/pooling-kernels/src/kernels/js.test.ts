import { describe, expect, it, vi } from 'vitest';
import { testAgainstPython } from '../fixtures/python-results.js';
import { madeTable } from '../fixtures/table.js';
import { halfPrecisionValues } from '../half-precision.js';
import { KernelError, TokenIdError } from '../kernel-error.js';
import { testPoolingKernel } from '../testing.js';
import { LoadedJsKernel } from './js/loaded-js-kernel.js';
import { jsKernel } from './js.js';

testAgainstPython(jsKernel);

describe('widening', () => {
  it('converts every float16 pattern to its value', () => {
    const values = halfPrecisionValues('float16');
    const pairs: [bits: number, value: number][] = [
      [0x0000, 0],
      [0x8000, -0],
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3c00, 1],
      [0xc000, -2],
      [0x3555, 0.333251953125],
      [0x7bff, 65504],
      [0x7c00, Number.POSITIVE_INFINITY],
      [0xfc00, Number.NEGATIVE_INFINITY],
      [0x7e00, Number.NaN],
    ];
    for (const [bits, value] of pairs) expect(values[bits]).toBe(value);
  });
});

describe('the js kernel as a kernel', () => {
  const pool = vi.spyOn(LoadedJsKernel.prototype, 'pool');
  const work = () => pool.mock.calls.length;
  for (const { name, run } of testPoolingKernel(() => jsKernel, { work })) it(name, run);

  it('sums int8 beyond the exact range of float32', async () => {
    const kernel = await jsKernel.load({
      dtype: 'int8',
      rows: 2,
      dim: 2,
      data: Int8Array.of(127, 127, 1, 2),
    });
    const ids = new Uint32Array(200_001);
    ids[0] = 1;
    const out = new Float32Array(2);
    await kernel.pool({ ids, offsets: Uint32Array.of(0, ids.length) }, out, { normalize: false });
    expect([...out]).toEqual([1, 2].map((x) => Math.fround((200_000 * 127 + x) / 200_001)));
  });

  it('names the first text and id without a row in the table', async () => {
    const kernel = await jsKernel.load(madeTable('float32', 'mapping', 3));
    const bad = { ids: Uint32Array.of(1, 2, 50), offsets: Uint32Array.of(0, 2, 3) };
    const error = await attempt(() => kernel.pool(bad, new Float32Array(6), { normalize: false }));
    expect(TokenIdError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'token-id-out-of-range', text: 1, id: 50, limit: 50 });
  });

  it('limits ids by the weights if there are fewer of them than rows', async () => {
    const table = madeTable('float32', 'plain', 3);
    const kernel = await jsKernel.load({ ...table, weights: new Float32Array(7) });
    const bad = { ids: Uint32Array.of(7), offsets: Uint32Array.of(0, 1) };
    expect(await attempt(() => kernel.pool(bad, new Float32Array(3), { normalize: false }))).toMatchObject({
      id: 7,
      limit: 7,
    });
  });

  it.each([
    ['values', { data: new Float32Array(5) }, 'needs 6 values; found 5'],
    ['a negative row', { mapping: Int32Array.of(0, -1) }, 'gives token id 1 row -1'],
    ['a row too far', { mapping: Int32Array.of(2) }, 'gives token id 0 row 2'],
  ])('refuses a table with inconsistent %s', async (_, part, message) => {
    const table = { dtype: 'float32', rows: 2, dim: 3, data: new Float32Array(6), ...part } as const;
    const error = await attempt(() => jsKernel.load(table));
    expect(error).toMatchObject({ code: 'invalid-table', message: expect.stringContaining(message) });
  });

  it.each([
    ['no offsets', [], 'invalid-batch'],
    ['a first offset above 0', [1, 2], 'invalid-batch'],
    ['a last offset beyond the ids', [0, 4], 'invalid-batch'],
    ['descending offsets', [0, 3, 2], 'invalid-batch'],
    ['more texts than the output holds', [0, 0, 0, 0], 'output-too-small'],
  ])('refuses a batch with %s and leaves the output unchanged', async (_, offsets, code) => {
    const kernel = await jsKernel.load(madeTable('float32', 'plain', 3));
    const out = new Float32Array(6).fill(7);
    const bad = { ids: Uint32Array.of(1, 2, 3), offsets: Uint32Array.from(offsets) };
    const error = await attempt(() => kernel.pool(bad, out, { normalize: false }));
    expect(KernelError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code });
    expect(out.every((x) => x === 7)).toBe(true);
  });
});

async function attempt(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error;
  }
}
