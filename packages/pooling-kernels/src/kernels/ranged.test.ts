import type { EmbeddingTable, TableRanges } from '@model2vec-ts/static-model';
import { describe, expect, it, vi } from 'vitest';
import { testAgainstPython } from '../fixtures/python-results.js';
import { type Form, madeBatch, madeTable, noise } from '../fixtures/table.js';
import type { LoadedKernel, PoolingKernel } from '../pooling-kernel.js';
import { testPoolingKernel } from '../testing.js';
import { jsKernel } from './js.js';
import { LoadedRangedKernel } from './paged/loaded-ranged-kernel.js';
import { allocateRanged } from './paged/ranged-table.js';
import { rangedKernel } from './ranged.js';
import { shapeOf } from './wasm/wasm-table.js';

/** A server with the rows of a table. It can fail; a slow one answers in any order. */
function serverOf({ data, dim }: EmbeddingTable, isSlow: boolean) {
  const state = {
    requests: 0,
    rows: 0,
    pending: 0,
    mostPending: 0,
    isClosed: false,
    error: undefined as Error | undefined,
  };
  const ranges: TableRanges = {
    async read(firstRow, target) {
      if (state.isClosed) throw new Error('read after close');
      state.requests++;
      state.rows += target.length / dim;
      state.pending++;
      state.mostPending = Math.max(state.mostPending, state.pending);
      await (isSlow && new Promise((resolve) => setTimeout(resolve, (state.requests * 7) % 3)));
      state.pending--;
      if (state.error !== undefined) throw state.error;
      target.set(data.subarray(firstRow * dim, firstRow * dim + target.length));
    },
    close() {
      state.isClosed = true;
    },
  };
  return { state, ranges };
}

async function load(table: EmbeddingTable, slots: number, isSlow = true) {
  const { state, ranges } = serverOf(table, isSlow);
  const ranged = allocateRanged(shapeOf(table), () => ranges, slots);
  if (table.mapping) ranged.mapping!.set(table.mapping);
  if (table.weights) ranged.weights!.set(table.weights);
  return { state, ranged, kernel: await rangedKernel.load(ranged) };
}

/** The ranged kernel with so few slots that most texts make room for their rows. */
const tight: PoolingKernel = {
  ...rangedKernel,
  name: 'ranged with 7 slots',
  load: async (table) => (await load(table, 7, false)).kernel,
};
delete (tight as { allocateTable?: unknown }).allocateTable;

testAgainstPython(tight);

describe('the ranged kernel as a kernel', () => {
  const pool = vi.spyOn(LoadedRangedKernel.prototype, 'pool');
  const work = () => pool.mock.calls.length;
  for (const { name, run } of testPoolingKernel(() => tight, { work })) it(name, run);
});

async function pooled(kernel: LoadedKernel, ids: Uint32Array, offsets: Uint32Array, dim: number) {
  const out = new Float32Array((offsets.length - 1) * dim);
  await kernel.pool({ ids, offsets }, out, { normalize: false });
  return out;
}

describe.each(['float64', 'float32', 'float16', 'bfloat16', 'int8'] as const)(
  'ranged rows of %s',
  (dtype) => {
    it.each<Form>(['plain', 'mapping', 'weights32', 'mapping+weights32'])(
      'give the bits of the js kernel, however few fit in memory: %s',
      async (form) => {
        const table = madeTable(dtype, form, 13);
        const js = await jsKernel.load(table);
        const batch = madeBatch([3, 0, 1, 40, 7, 300, 2]);
        for (const slots of [1, 5, 50]) {
          const { kernel } = await load(table, slots, false);
          for (let pass = 0; pass < 2; pass++) {
            expect(await pooled(kernel, batch.ids, batch.offsets, 13)).toEqual(
              await pooled(js, batch.ids, batch.offsets, 13),
            );
          }
          kernel.dispose();
        }
      },
    );
  },
);

describe('the ranged kernel', () => {
  const rows = 20_000;
  const dim = 64;
  const table: EmbeddingTable = {
    ...{ dtype: 'float32', rows, dim },
    data: Float32Array.from(noise(3, rows * dim), (x) => x / 2 ** 32),
  };

  it('requests each row once while it stays in memory, and several rows at once', async () => {
    const { state, kernel } = await load(table, 1000);
    const ids = Uint32Array.from({ length: 90 }, (_, i) => 200 * i);
    for (let pass = 0; pass < 3; pass++) await pooled(kernel, ids, Uint32Array.of(0, 90), dim);
    expect(state).toMatchObject({ requests: 90, rows: 90 });
    expect(state.mostPending).toBeGreaterThan(5);
    expect(state.mostPending).toBeLessThanOrEqual(16);
  });

  it('requests rows that are near each other at once', async () => {
    const { state, kernel } = await load(table, 1000);
    const ids = Uint32Array.from({ length: 100 }, (_, i) => 5000 - 30 * i);
    await pooled(kernel, ids, Uint32Array.of(0, 100), dim);
    expect(state.requests).toBeLessThan(6);
  });

  it('serves overlapping calls in turn', async () => {
    const { kernel } = await load(table, 40);
    const js = await jsKernel.load(table);
    const batches = Array.from({ length: 20 }, (_, i) => noise(i, 30).map((x) => x % rows));
    const offsets = Uint32Array.of(0, 10, 30);
    const found = await Promise.all(batches.map((ids) => pooled(kernel, ids, offsets, dim)));
    for (const [i, ids] of batches.entries()) expect(found[i]).toEqual(await pooled(js, ids, offsets, dim));
  });

  it('fails a call whose rows cannot be fetched, and fetches them when the server works again', async () => {
    const { state, kernel } = await load(table, 100);
    const js = await jsKernel.load(table);
    const ids = Uint32Array.of(1, 5000, 5003, 9000);
    const offsets = Uint32Array.of(0, 4);
    state.error = new Error('no route to host');
    await expect(pooled(kernel, ids, offsets, dim)).rejects.toThrow('no route to host');
    state.error = undefined;
    expect(await pooled(kernel, ids, offsets, dim)).toEqual(await pooled(js, ids, offsets, dim));
  });

  it('has no data in memory', async () => {
    const { ranged } = await load(table, 10);
    expect(() => ranged.data).toThrow(/fetched by range.*load the model without kernel ranged/);
  });

  it('ends requests when it is disposed', async () => {
    const { state, kernel } = await load(table, 10);
    kernel.dispose();
    kernel.dispose();
    expect(state.isClosed).toBe(true);
    await expect(pooled(kernel, Uint32Array.of(1), Uint32Array.of(0, 1), dim)).rejects.toThrow(/disposed/);
  });

  it('keeps a table in memory whose file sends no ranges', async () => {
    const kernel = await rangedKernel.load(table);
    const js = await jsKernel.load(table);
    const ids = Uint32Array.of(7, 8);
    const offsets = Uint32Array.of(0, 2);
    expect(await pooled(kernel, ids, offsets, dim)).toEqual(await pooled(js, ids, offsets, dim));
  });
});
