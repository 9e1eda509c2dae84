import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { LoadedKernel, PoolingKernel } from '../pooling-kernel.js';

/**
 * The kernel in plain JavaScript that every other one is compared with. It runs everywhere and at once.
 *
 * It does numpy's arithmetic in numpy's order, so results of float32, float64 and int8 tables have the bits of
 * Python's (a float64 result rounded to float32). Of float16 tables Python rounds the result to float16; this
 * kernel keeps float32. Python cannot read bfloat16 tables; they are pooled as if widened to float32.
 *
 * @example
 * ```ts
 * import { jsKernel } from '@model2vec-ts/pooling-kernels/js';
 *
 * const kernel = await jsKernel.load({ dtype: 'float32', rows: 2, dim: 2, data: Float32Array.of(1, 2, 3, 4) });
 * const out = new Float32Array(2);
 * await kernel.pool({ ids: Uint32Array.of(0, 1), offsets: Uint32Array.of(0, 2) }, out, { normalize: false });
 * out; // 2, 3: the mean of both rows
 * ```
 */
export const jsKernel: PoolingKernel = {
  specificationVersion: 'v1',
  name: 'js',
  capabilities: {
    dtypes: ['float64', 'float32', 'float16', 'bfloat16', 'int8'],
    synchronous: true,
    maxBatchTokens: Number.POSITIVE_INFINITY,
  },
  async load(table: EmbeddingTable): Promise<LoadedKernel> {
    // Where WebAssembly pools, a page need not fetch this.
    const { LoadedJsKernel } = await import('./js/loaded-js-kernel.js');
    return new LoadedJsKernel(table);
  },
  // Only `share` of a js kernel makes such data.
  loadShared: (data) => jsKernel.load(data as EmbeddingTable),
};
