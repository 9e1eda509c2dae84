import { describe, expect, it } from 'vitest';
import { safetensorsFile, type TensorToWrite } from '../../test/safetensors-file.js';
import { MalformedModelError, ModelMismatchError, UnsupportedModelError } from '../model-error.js';
import { parseSafetensors } from '../safetensors/safetensors.js';
import { fileBytesOf } from '../source/file-bytes.js';
import { type EmbeddingTable, emptyTable } from './embedding-table.js';
import { findTable, readTable } from './read-table.js';

const EMBEDDINGS = { dtype: 'F32', shape: [2, 2], data: Float32Array.of(1, -2, 3, 4) } as const;

/** From memory, as views, and into memory that is given: the same table, or the same error. */
async function read(tensors: Readonly<Record<string, TensorToWrite>>, pad = 0): Promise<EmbeddingTable> {
  const bytes = fileBytesOf(safetensorsFile(tensors, pad));
  const parts = findTable(parseSafetensors(bytes.whole!, 'model.safetensors'), ['embeddings', '0']);
  const [views, copy] = await Promise.allSettled([
    readTable(parts, bytes),
    readTable(parts, bytes, emptyTable),
  ]);
  expect(copy).toEqual(views);
  if (views.status === 'fulfilled') return views.value;
  throw views.reason;
}

async function mismatchOf(tensors: Readonly<Record<string, TensorToWrite>>): Promise<ModelMismatchError> {
  try {
    await read(tensors);
  } catch (error) {
    if (error instanceof ModelMismatchError) return error;
    throw error;
  }
  throw new RangeError('the tensors fit');
}

describe('readTable', () => {
  it.each([
    ['F64', 'float64', Float64Array.of(1, -2, 3, 4)],
    ['F32', 'float32', Float32Array.of(1, -2, 3, 4)],
    ['F16', 'float16', Uint16Array.of(1, 2, 3, 4)],
    ['BF16', 'bfloat16', Uint16Array.of(1, 2, 3, 4)],
    ['I8', 'int8', Int8Array.of(1, -2, 3, 4)],
  ])('reads %s as %s, aligned or not', async (dtype, name, data) => {
    for (let pad = 0; pad < 8; pad++) {
      const table = await read({ embeddings: { dtype, shape: [2, 2], data } }, pad);
      expect(table).toEqual({ dtype: name, rows: 2, dim: 2, data });
    }
  });

  it('is a view of an aligned file and copies only unaligned tensors', async () => {
    const view = await read({ embeddings: EMBEDDINGS });
    expect(view.data.buffer.byteLength).toBeGreaterThan(16);
    const copy = await read({ embeddings: EMBEDDINGS }, 1);
    expect(copy.data.buffer.byteLength).toBe(16);
  });

  it('uses the first of the names', async () => {
    const other = { ...EMBEDDINGS, data: Float32Array.of(9, 9, 9, 9) };
    expect((await read({ '0': other, embeddings: EMBEDDINGS })).data[0]).toBe(1);
    expect((await read({ '0': other })).data[0]).toBe(9);
  });

  it('lists the existing tensors if none has the name', async () => {
    await expect(read({ 'encoder.weight': EMBEDDINGS })).rejects.toThrowError(MalformedModelError);
    await expect(read({ 'encoder.weight': EMBEDDINGS })).rejects.toThrowError(
      'no tensor "embeddings" or "0"; it has "encoder.weight"',
    );
  });

  it.each(['I32', 'U8', 'F8_E4M3', 'BOOL'])('refuses embeddings of %s by name', async (dtype) => {
    const data = new Uint8Array(dtype === 'I32' ? 16 : 4);
    await expect(read({ embeddings: { dtype, shape: [2, 2], data } })).rejects.toThrowError(
      UnsupportedModelError,
    );
    await expect(read({ embeddings: { dtype, shape: [2, 2], data } })).rejects.toThrowError(
      `tensor "embeddings" has the dtype ${dtype}`,
    );
  });

  it('refuses a mapping of floats and weights of integers by name', async () => {
    const two = { shape: [2], data: new Int32Array(2) };
    await expect(read({ embeddings: EMBEDDINGS, mapping: { dtype: 'F32', ...two } })).rejects.toThrowError(
      /"mapping" has the dtype F32; it can be read as I32, I64/,
    );
    await expect(read({ embeddings: EMBEDDINGS, weights: { dtype: 'I32', ...two } })).rejects.toThrowError(
      /"weights" has the dtype I32/,
    );
  });

  it.each([[[4]], [[2, 2, 1]], [[]]])('refuses embeddings of shape %j', async (shape) => {
    const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
    await expect(read({ embeddings: { dtype: 'F32', shape, data } })).rejects.toThrowError(
      MalformedModelError,
    );
  });

  it.each([[[0, 4]], [[4, 0]]])('refuses an empty table of shape %j', async (shape) => {
    await expect(read({ embeddings: { dtype: 'F32', shape, data: new Uint8Array() } })).rejects.toThrowError(
      /is empty/,
    );
  });

  it('refuses a mapping and weights that are not lists', async () => {
    const data = new Int32Array(2);
    await expect(
      read({ embeddings: EMBEDDINGS, mapping: { dtype: 'I32', shape: [1, 2], data } }),
    ).rejects.toThrowError('tensor "mapping" has the shape [1, 2], but must have 1 dimension');
    await expect(
      read({ embeddings: EMBEDDINGS, weights: { dtype: 'F32', shape: [2, 1], data } }),
    ).rejects.toThrowError('tensor "weights" has the shape [2, 1]');
  });

  it('reads a mapping of int32 and of int64 alike', async () => {
    const rows = [1, 0, 0, 1, 1];
    const int32 = { dtype: 'I32', shape: [5], data: Int32Array.from(rows) };
    const int64 = { dtype: 'I64', shape: [5], data: BigInt64Array.from(rows.map(BigInt)) };
    expect((await read({ embeddings: EMBEDDINGS, mapping: int32 })).mapping).toEqual(Int32Array.from(rows));
    expect((await read({ embeddings: EMBEDDINGS, mapping: int64 }, 3)).mapping).toEqual(
      Int32Array.from(rows),
    );
  });

  it.each([
    [[0, 2, 1, 5], 2, 1, '2'],
    [[0, 0, -1], 1, 2, '-1'],
    [[2 ** 31 - 1], 1, 0, '2147483647'],
  ])('refuses the int32 mapping %j', async (rows, count, firstIndex, found) => {
    const mapping = { dtype: 'I32', shape: [rows.length], data: Int32Array.from(rows) };
    const error = await mismatchOf({ embeddings: EMBEDDINGS, mapping });
    expect(error).toMatchObject({ part: 'mapping', count, firstIndex });
    expect(error.message).toContain(`${count} of ${rows.length} values`);
    expect(error.message).toContain(`(${found})`);
  });

  it.each([
    [-1n, '-1'],
    [2n, '2'],
    [2n ** 32n, '4294967296'],
    [2n ** 32n + 1n, '4294967297'],
    [-(2n ** 63n), '-9223372036854775808'],
  ])('refuses the int64 mapping value %s, which would wrap', async (row, found) => {
    const mapping = { dtype: 'I64', shape: [2], data: BigInt64Array.of(1n, row) };
    const error = await mismatchOf({ embeddings: EMBEDDINGS, mapping });
    expect(error).toMatchObject({ part: 'mapping', count: 1, firstIndex: 1 });
    expect(error.message).toContain(`(${found})`);
  });

  it('widens 16-bit weights to float32 and keeps float64', async () => {
    const half = { dtype: 'F16', shape: [2], data: Uint16Array.of(0x3800, 0xc000) };
    expect((await read({ embeddings: EMBEDDINGS, weights: half })).weights).toEqual(Float32Array.of(0.5, -2));
    const brain = { dtype: 'BF16', shape: [2], data: Uint16Array.of(0x3f00, 0xc000) };
    expect((await read({ embeddings: EMBEDDINGS, weights: brain })).weights).toEqual(
      Float32Array.of(0.5, -2),
    );
    const double = { dtype: 'F64', shape: [2], data: Float64Array.of(0.1, 2) };
    expect((await read({ embeddings: EMBEDDINGS, weights: double }, 1)).weights).toEqual(
      Float64Array.of(0.1, 2),
    );
  });

  it('refuses weights and a mapping of different lengths, with both lengths', async () => {
    const mapping = { dtype: 'I32', shape: [3], data: Int32Array.of(0, 1, 0) };
    const weights = { dtype: 'F32', shape: [2], data: Float32Array.of(1, 1) };
    const error = await mismatchOf({ embeddings: EMBEDDINGS, mapping, weights });
    expect(error).toMatchObject({ part: 'weights', count: 1, firstIndex: undefined });
    expect(error.message).toMatch(/"weights" has 2 elements, "mapping" has 3/);
  });

  it.each([
    ['F64', Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY), 'NaN'],
    ['F32', Float32Array.of(1, Number.NEGATIVE_INFINITY, Number.NaN), '-Infinity'],
    ['F16', Uint16Array.of(0x3c00, 0x7e01, 0xfc00), 'NaN'],
    ['BF16', Uint16Array.of(0x3f80, 0x7f80, 0xffc0), 'Infinity'],
  ])(
    'refuses %s weights that are not finite, with number, position and value',
    async (dtype, data, found) => {
      const error = await mismatchOf({ embeddings: EMBEDDINGS, weights: { dtype, shape: [3], data } });
      expect(error).toMatchObject({ part: 'weights', count: 2, firstIndex: 1 });
      expect(error.message).toContain(
        `2 of 3 elements that are not finite numbers, the first at index 1 (${found})`,
      );
    },
  );

  it.each([
    ['F64', Float64Array.of(1, 2, 3, Number.NaN, 4, Number.POSITIVE_INFINITY)],
    ['F32', Float32Array.of(1, 2, 3, Number.NaN, 4, Number.NEGATIVE_INFINITY)],
    ['F16', Uint16Array.of(1, 2, 0x7bff, 0x7c01, 4, 0xfc00)],
    ['BF16', Uint16Array.of(1, 2, 0x7f7f, 0x7f81, 4, 0xff80)],
  ])(
    'refuses a table of %s with non-finite elements, with their number and the first row',
    async (dtype, data) => {
      const error = await mismatchOf({ embeddings: { dtype, shape: [3, 2], data } });
      expect(error).toMatchObject({ part: 'embeddings', count: 2, firstIndex: 3 });
      expect(error.message).toContain(
        '2 of 6 elements that are NaN or infinite, the first in row 1, column 1',
      );
    },
  );

  it('checks every header entry before it reads an element', async () => {
    const embeddings = { ...EMBEDDINGS, data: new Float32Array(4).fill(Number.NaN) };
    const weights = { dtype: 'I16', shape: [2], data: new Int16Array(2) };
    await expect(read({ embeddings, weights })).rejects.toThrowError(UnsupportedModelError);
  });
});
