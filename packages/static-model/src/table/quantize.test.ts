import { describe, expect, it } from 'vitest';
import recorded from '../fixtures/quantize.json' with { type: 'json' };
import { ModelError } from '../model-error.js';
import type { EmbeddingTable } from './embedding-table.js';
import { convertTable, type QuantizedDtype, quantizeTable, truncateColumns } from './quantize.js';

const TARGETS = ['float16', 'float32', 'float64', 'int8'] as const satisfies readonly QuantizedDtype[];

const ARRAYS = {
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  int8: Int8Array,
} as const;

function tableOf(dtype: string, rows: number, dim: number, base64: string): EmbeddingTable {
  const { buffer } = new Uint8Array(Buffer.from(base64, 'base64'));
  const data = new ARRAYS[dtype as QuantizedDtype](buffer);
  return { dtype, rows, dim, data } as EmbeddingTable;
}

function base64Of({ data }: EmbeddingTable): string {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
}

describe('quantizeTable', () => {
  it('has tables of every dtype to compare', () => {
    expect(new Set(recorded.map(({ dtype }) => dtype))).toEqual(new Set(TARGETS));
    expect(recorded.length).toBeGreaterThan(60);
  });

  describe.each(recorded)('$name', ({ dtype, rows, dim, data, quantized }) => {
    it.each(TARGETS)('gives the bytes of the reference as %s', (to) => {
      const table = tableOf(dtype, rows, dim, data);
      const result = quantizeTable(table, to);
      expect(result).toMatchObject({ dtype: to, rows, dim });
      expect(base64Of(result)).toBe(quantized[to]);
      expect(base64Of(table), 'the source is left as it was').toBe(data);
      if (dtype === to) expect(result).toBe(table);
      expect(convertTable(table, to, null), 'in JavaScript alone').toEqual(result);
    });
  });

  // Bits from a seed: of every magnitude up to the largest, subnormal numbers and ties among them.
  it.each([1, 2 ** -14, 6.1e-5, 6e4, 65_519, 65_520, 1e30, 3.4e38, 1e-7, 1e-40, 0])(
    'converts each float32 up to %d to the int8 of JavaScript',
    (largest) => {
      const bits = new Uint32Array(140_003);
      let seed = 1;
      for (let i = 0; i < bits.length; i++) {
        seed = Math.imul(seed ^ (seed >>> 15), 0x2c1b_3c6d) + i;
        bits[i] = i % 3 === 0 ? seed & 0xffff_f000 : seed;
      }
      const data = new Float32Array(bits.buffer);
      for (let i = 0; i < data.length; i++) {
        if (!(Math.abs(data[i]!) <= largest)) data[i] = largest * Math.sin(i) * 2 ** -(i % 30);
      }
      data[77] = largest;
      const table = { dtype: 'float32', rows: 1, dim: data.length, data } as const;
      const expected = convertTable(table, 'int8', null);
      expect(base64Of(quantizeTable(table, 'int8')) === base64Of(expected)).toBe(true);
    },
  );

  it('reads bfloat16 as the float32 of the same value', () => {
    const bits = Uint16Array.of(0x3f80, 0xc049, 0x0001, 0x4000);
    const wide = new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer);
    const bfloat16 = { dtype: 'bfloat16', rows: 2, dim: 2, data: bits } as const;
    const float32 = { dtype: 'float32', rows: 2, dim: 2, data: wide } as const;
    for (const to of TARGETS) expect(quantizeTable(bfloat16, to)).toEqual(quantizeTable(float32, to));
  });

  it('keeps mapping and weights', () => {
    const mapping = Int32Array.of(0, 0, 1);
    const weights = Float64Array.of(1, 2, 3);
    const data = Float32Array.of(1, 2, 3, 4);
    const table = { dtype: 'float32', rows: 2, dim: 2, data, mapping, weights } as const;
    const result = quantizeTable(table, 'int8');
    expect(result.mapping).toBe(mapping);
    expect(result.weights).toBe(weights);
  });
});

describe('truncateColumns', () => {
  const data = Float32Array.of(1, 2, 3, 4, 5, 6);
  const table = { dtype: 'float32', rows: 2, dim: 3, data } as const;

  it('copies the first columns', () => {
    const result = truncateColumns(table, 2);
    expect(result).toEqual({ dtype: 'float32', rows: 2, dim: 2, data: Float32Array.of(1, 2, 4, 5) });
    expect(result.data.buffer.byteLength).toBe(16);
  });

  it.each([
    { ...table, dtype: 'float64', data: Float64Array.from(data) },
    { ...table, dtype: 'float16', data: Uint16Array.from(data) },
    { ...table, dtype: 'bfloat16', data: Uint16Array.from(data) },
    { ...table, dtype: 'int8', data: Int8Array.from(data) },
  ] as const)('works for $dtype', (other) => {
    expect([...truncateColumns(other, 1).data]).toEqual([1, 4]);
  });

  it('returns the table itself for all of its columns', () => {
    expect(truncateColumns(table, 3)).toBe(table);
  });

  it.each([4, 0, -1, 1.5, Number.NaN])('refuses %d of 3 columns, with both numbers', (dimensionality) => {
    expect(() => truncateColumns(table, dimensionality)).toThrowError(ModelError);
    expect(() => truncateColumns(table, dimensionality)).toThrowError(
      `whole number from 1 to 3, the dimensions of this model; found ${dimensionality}`,
    );
  });
});
