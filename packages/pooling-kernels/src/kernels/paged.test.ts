import type { EmbeddingTable, TableElements, TableFile } from '@model2vec-ts/static-model';
import { describe, expect, it, vi } from 'vitest';
import { testAgainstPython } from '../fixtures/python-results.js';
import { type Form, madeBatch, madeTable, noise } from '../fixtures/table.js';
import type { LoadedKernel, PoolingKernel } from '../pooling-kernel.js';
import { testPoolingKernel } from '../testing.js';
import { jsKernel } from './js.js';
import { LoadedPagedKernel } from './paged/loaded-paged-kernel.js';
import { allocatePaged } from './paged/paged-table.js';
import { pagedKernel } from './paged.js';
import { shapeOf } from './wasm/wasm-table.js';

/** A file with the rows of a table in memory, which counts reads and can fail. */
function fileOf({ data, dim }: EmbeddingTable) {
  const state = { reads: 0, rows: 0, isClosed: false, error: undefined as Error | undefined };
  const file: TableFile = {
    read(firstRow, target) {
      if (state.isClosed) throw new Error('read after close');
      if (state.error !== undefined) throw state.error;
      state.reads++;
      state.rows += target.length / dim;
      target.set(data.subarray(firstRow * dim, firstRow * dim + target.length));
    },
    readAll: () => data.slice() as TableElements,
    close() {
      state.isClosed = true;
    },
  };
  return { state, file };
}

async function load(table: EmbeddingTable, slots: number) {
  const { state, file } = fileOf(table);
  const paged = allocatePaged(shapeOf(table), () => file, slots);
  if (table.mapping) paged.mapping!.set(table.mapping);
  if (table.weights) paged.weights!.set(table.weights);
  return { state, kernel: await pagedKernel.load(paged) };
}

/** The paged kernel with so few slots that most texts make room for their rows. */
const tight: PoolingKernel = {
  ...pagedKernel,
  name: 'paged with 7 slots',
  load: async (table) => (await load(table, 7)).kernel,
};
delete (tight as { allocateTable?: unknown }).allocateTable;

testAgainstPython(tight);

describe('the paged kernel as a kernel', () => {
  const pool = vi.spyOn(LoadedPagedKernel.prototype, 'pool');
  const work = () => pool.mock.calls.length;
  for (const { name, run } of testPoolingKernel(() => tight, { work })) it(name, run);
});

function pooled(kernel: LoadedKernel, ids: Uint32Array, offsets: Uint32Array, dim: number): Float32Array {
  const out = new Float32Array((offsets.length - 1) * dim);
  void kernel.pool({ ids, offsets }, out, { normalize: false });
  return out;
}

it('reserves memory that the engine does not count as used', () => {
  const { file } = fileOf(madeTable('float32', 'plain', 13));
  const before = process.memoryUsage().external;
  const table = allocatePaged({ dtype: 'float32', rows: 250_000, dim: 512 }, () => file);
  expect(process.memoryUsage().external - before).toBeLessThan(1 << 20);
  expect(table.rows).toBe(250_000);
});

describe.each(['float64', 'float32', 'float16', 'bfloat16', 'int8'] as const)('paged rows of %s', (dtype) => {
  it.each<Form>(['plain', 'mapping', 'weights32', 'weights64', 'mapping+weights32'])(
    'give the bits of the js kernel, however few fit in memory: %s',
    async (form) => {
      const table = madeTable(dtype, form, 13);
      const js = await jsKernel.load(table);
      const batch = madeBatch([3, 0, 1, 40, 7, 300, 2]);
      for (const slots of [1, 2, 5, 20, 50]) {
        const { kernel } = await load(table, slots);
        for (let pass = 0; pass < 3; pass++) {
          expect(pooled(kernel, batch.ids, batch.offsets, 13)).toEqual(
            pooled(js, batch.ids, batch.offsets, 13),
          );
        }
        kernel.dispose();
      }
    },
  );
});

describe('the paged kernel', () => {
  const rows = 20_000;
  const dim = 4;
  const table: EmbeddingTable = {
    ...{ dtype: 'float32', rows, dim },
    data: Float32Array.from(noise(3, rows * dim), (x) => x / 2 ** 32),
  };

  it('reads each row once while it stays in memory', async () => {
    const { state, kernel } = await load(table, 1000);
    const ids = Uint32Array.from({ length: 900 }, (_, i) => 20 * i);
    for (let pass = 0; pass < 5; pass++) pooled(kernel, ids, Uint32Array.of(0, 900), dim);
    expect(state).toMatchObject({ reads: 900, rows: 900 });
  });

  it('reads rows that are near each other at once', async () => {
    const { state, kernel } = await load(table, 1000);
    const ids = Uint32Array.from({ length: 900 }, (_, i) => 5000 - 3 * i);
    pooled(kernel, ids, Uint32Array.of(0, 900), dim);
    expect(state.reads).toBeLessThan(5);
  });

  it('keeps rows that are used often', async () => {
    const { state, kernel } = await load(table, 100);
    const random = noise(5, 40_000);
    for (let text = 0; text < 2000; text++) {
      const own = random.subarray(20 * text, 20 * text + 20);
      const ids = Uint32Array.from(own, (x, i) => (i < 15 ? x % 50 : x % rows));
      pooled(kernel, ids, Uint32Array.of(0, 20), dim);
    }
    // 5 of 20 tokens are rare; each needs a read, and few others do.
    expect(state.rows).toBeLessThan(2000 * 7);
  });

  it('pools texts of any length and batches of any size', async () => {
    const js = await jsKernel.load(table);
    const { kernel } = await load(table, 3000);
    const ids = noise(9, 200_000).map((x) => x % rows);
    const offsets = Uint32Array.of(0, 100_000, 100_000, 100_010, 140_000, 140_001, 200_000);
    expect(pooled(kernel, ids, offsets, dim)).toEqual(pooled(js, ids, offsets, dim));
  });

  it('passes on an error of the file, and reads the rows when the file works again', async () => {
    const { state, kernel } = await load(table, 10);
    const js = await jsKernel.load(table);
    const ids = Uint32Array.of(1, 500, 900);
    const offsets = Uint32Array.of(0, 3);
    state.error = new Error('input/output error');
    expect(() => pooled(kernel, ids, offsets, dim)).toThrow('input/output error');
    state.error = undefined;
    expect(pooled(kernel, ids, offsets, dim)).toEqual(pooled(js, ids, offsets, dim));
  });

  it('closes the file when it is disposed', async () => {
    const { state, kernel } = await load(table, 10);
    kernel.dispose();
    kernel.dispose();
    expect(state.isClosed).toBe(true);
    expect(() => pooled(kernel, Uint32Array.of(1), Uint32Array.of(0, 1), dim)).toThrow(/disposed/);
  });
});
