import { describe, expect, it } from 'vitest';
import { madeBatch, madeTable } from '../fixtures/table.js';
import { jsKernel } from '../kernels/js.js';
import { narrowTable } from './narrow-table.js';

describe('a table for a back end without float64 and float16', () => {
  it.each(['float32', 'float16', 'bfloat16', 'int8'] as const)(
    'of %s gives the same embeddings',
    async (dtype) => {
      const batch = madeBatch([3, 0, 1, 40]);
      for (const form of ['plain', 'mapping+weights32', 'weights64'] as const) {
        const table = madeTable(dtype, form, 7);
        const narrow = narrowTable(table);
        expect(narrow.dtype).toBe(dtype === 'int8' ? 'int8' : 'float32');
        expect(narrow.weights).not.toBeInstanceOf(Float64Array);
        const results = [];
        for (const each of [table, narrow]) {
          const kernel = await jsKernel.load(each);
          const out = new Float32Array(4 * 7);
          await kernel.pool(batch, out, { normalize: true });
          results.push(out);
        }
        for (const [i, value] of results[0]!.entries()) expect(results[1]![i]).toBeCloseTo(value, 6);
      }
    },
  );

  it('leaves the given table unchanged', () => {
    const table = madeTable('float16', 'weights64', 3);
    const { data, weights } = table;
    narrowTable(table);
    expect([table.dtype, table.data === data, table.weights === weights]).toEqual(['float16', true, true]);
  });
});
