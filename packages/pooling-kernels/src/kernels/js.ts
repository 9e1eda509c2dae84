import type { EmbeddingTable } from '@model2vec-ts/static-model';
import type { LoadedKernel, PoolingKernel } from '../pooling-kernel.js';

/**
 * The kernel in plain JavaScript. It runs everywhere and is the reference for every other kernel.
 *
 * It computes in numpy's order. Results of float32, float64 and int8 tables equal Python's to the bit (float64 results
 * after rounding to float32). Python rounds results of float16 tables to float16; this kernel returns float32. Python
 * cannot read bfloat16 tables; they are pooled as if widened to float32.
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
    // Loaded on demand: pages that pool with WebAssembly do not need it.
    const { LoadedJsKernel } = await import('./js/loaded-js-kernel.js');
    return new LoadedJsKernel(table);
  },
  // Only `share` of a js kernel makes such data.
  loadShared: (data) => jsKernel.load(data as EmbeddingTable),
};
