import { describe, expect, it } from 'vitest';
import { jsKernel } from './kernels/js.js';
import type { LoadedKernel, PoolingKernel } from './pooling-kernel.js';
import { testPoolingKernel } from './testing.js';

/** The js kernel with one thing changed. */
function broken(change: (loaded: LoadedKernel) => LoadedKernel): PoolingKernel {
  return { ...jsKernel, load: async (table) => change(await jsKernel.load(table)) };
}

async function failures(kernel: PoolingKernel): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of testPoolingKernel(() => kernel)) {
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
});
