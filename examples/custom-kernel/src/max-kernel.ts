import { type EmbeddingTable, KernelError, type PoolingKernel } from '@model2vec-ts/pooling-kernels';
import { LoadedMaxKernel } from './loaded-max-kernel.js';

/** Takes the largest value of each dimension, instead of the mean as Model2Vec does. */
export const maxKernel: PoolingKernel = {
  specificationVersion: 'v1',
  name: 'max',
  reduction: 'max',
  capabilities: {
    dtypes: ['float64', 'float32', 'int8'],
    synchronous: true,
    maxBatchTokens: Number.POSITIVE_INFINITY,
  },
  async load(table) {
    const { dtypes } = maxKernel.capabilities;
    if (!dtypes.includes(table.dtype)) {
      throw new KernelError(
        'unsupported-table',
        `kernel max accepts tables of ${dtypes.join(', ')}; found ${table.dtype}`,
      );
    }
    return new LoadedMaxKernel(table);
  },
  loadShared: (data) => maxKernel.load(data as EmbeddingTable),
};

/** Other threads import this module and use its default export. */
export default maxKernel;
