import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { TokenBatch } from '@model2vec-ts/tokenizer';
import { describe, expect, it } from 'vitest';
import { jsKernel } from './kernels/js.js';
import type { LoadedKernel, PoolingKernel } from './pooling-kernel.js';
import { type KernelTestOptions, testPoolingKernel } from './testing.js';

const { loadShared: _, ...onOneThread } = jsKernel;

/** The js kernel with one change. It runs on one thread, so that only the change can fail a case. */
function broken(change: (loaded: LoadedKernel) => LoadedKernel): PoolingKernel {
  return { ...onOneThread, load: async (table) => change(await jsKernel.load(table)) };
}

async function failures(kernel: PoolingKernel, options?: KernelTestOptions): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of testPoolingKernel(() => kernel, options)) {
    await run().catch(() => names.push(name));
  }
  return names;
}

describe('the conformance suite', () => {
  const kernels: Record<string, PoolingKernel> = {
    'never normalises': broken((loaded) => ({
      ...loaded,
      pool: (batch, out) => loaded.pool(batch, out, { normalize: false }),
      dispose: () => loaded.dispose(),
    })),
    'gives NaN for a text without tokens': broken((loaded) => ({
      pool(batch, out, options) {
        const done = loaded.pool(batch, out, options);
        const dim = out.length / (batch.offsets.length - 1);
        for (let i = 0; i + 1 < batch.offsets.length; i++) {
          if (batch.offsets[i] === batch.offsets[i + 1]) out.fill(Number.NaN, i * dim, (i + 1) * dim);
        }
        return done;
      },
      dispose: () => loaded.dispose(),
    })),
    'ignores disposal': broken((loaded) => ({
      pool: (batch, out, options) => loaded.pool(batch, out, options),
      dispose() {},
    })),
    'writes beyond the last text': broken((loaded) => ({
      pool(batch, out, options) {
        out.fill(0);
        return loaded.pool(batch, out, options);
      },
      dispose: () => loaded.dispose(),
    })),
    'takes dtypes that it does not declare': {
      ...jsKernel,
      capabilities: { ...jsKernel.capabilities, dtypes: ['float32'] },
    },
    'mixes up batches that it is given at once': {
      ...onOneThread,
      capabilities: { ...jsKernel.capabilities, synchronous: false },
      async load(table) {
        const loaded = await jsKernel.load(table);
        let last: TokenBatch;
        return {
          async pool(batch, out, options) {
            last = batch;
            await undefined;
            await loaded.pool(last.offsets.length > batch.offsets.length ? batch : last, out, options);
          },
          dispose: () => loaded.dispose(),
        };
      },
    },
    'drifts from call to call': broken((loaded) => {
      let calls = 0;
      return {
        async pool(batch, out, options) {
          await loaded.pool(batch, out, options);
          const [first] = out;
          if (first !== undefined) out[0] = first * (1 + calls++ * 2 ** -22);
        },
        dispose: () => loaded.dispose(),
      };
    }),
    'cannot run here': {
      ...jsKernel,
      capabilities: { ...jsKernel.capabilities, unavailable: 'no quantum processor' },
    },
    'says that it pools something else': { ...jsKernel, reduction: 'max' },
    'shares its table but loads no shared one': onOneThread,
    'loads shared tables but shares none': {
      ...broken((loaded) => ({
        pool: (batch, out, options) => loaded.pool(batch, out, options),
        dispose: () => loaded.dispose(),
      })),
      loadShared: (data) => jsKernel.load(data as EmbeddingTable),
    },
    'frees a table that another thread uses': {
      ...jsKernel,
      async loadShared(data) {
        const loaded = await jsKernel.load(data as EmbeddingTable);
        return {
          pool: (batch, out, options) => loaded.pool(batch, out, options),
          share: (thread) => loaded.share!(thread),
          dispose: () => (data as EmbeddingTable).data.fill(0),
        };
      },
    },
    'is synchronous although it says otherwise': {
      ...jsKernel,
      capabilities: { ...jsKernel.capabilities, synchronous: false },
    },
  };
  for (const [name, kernel] of Object.entries(kernels)) {
    it(`fails a kernel that ${name}`, async () => {
      expect(await failures(kernel)).not.toEqual([]);
    });
  }

  it('fails a kernel that ignores mapping or weights', async () => {
    for (const part of ['mapping', 'weights'] as const) {
      const kernel: PoolingKernel = {
        ...jsKernel,
        load: (table) => {
          const { [part]: _, ...rest } = table;
          return jsKernel.load(rest);
        },
      };
      expect((await failures(kernel)).some((name) => name.includes(part))).toBe(true);
    }
  });

  it('fails a kernel that delegates the work to another', async () => {
    let calls = 0;
    const kernel = broken((loaded) => ({
      pool(batch, out, options) {
        calls++;
        return loaded.pool(batch, out, options);
      },
      dispose: () => loaded.dispose(),
    }));
    expect(await failures(kernel, { work: () => calls })).toEqual([]);
    expect(await failures(jsKernel, { work: () => calls })).toEqual(['does the work itself']);
  });

  it('compares with another reduction if given one', async () => {
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const kernel: PoolingKernel = {
      ...broken((loaded) => ({
        async pool(batch, out, options) {
          await loaded.pool(batch, out, { normalize: false });
          const dim = out.length / (batch.offsets.length - 1);
          for (let text = 0; text + 1 < batch.offsets.length; text++) {
            const row = out.subarray(text * dim, (text + 1) * dim);
            const count = batch.offsets[text + 1]! - batch.offsets[text]!;
            const norm = options.normalize ? Math.hypot(...row) || 1 : 1 / count;
            for (const [j, value] of row.entries()) row[j] = count === 0 ? 0 : value / norm;
          }
        },
        dispose: () => loaded.dispose(),
      })),
      reduction: 'sum',
      capabilities: { ...jsKernel.capabilities, synchronous: false },
    };
    expect(await failures(kernel)).not.toEqual([]);
    // The sum of many values is rounded differently.
    expect(await failures(kernel, { reduce: sum, tolerance: 1e-5 })).toEqual([]);
  });
});
