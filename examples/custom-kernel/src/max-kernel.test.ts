import { testPoolingKernel } from '@model2vec-ts/pooling-kernels/testing';
import { describe, it, vi } from 'vitest';
import { LoadedMaxKernel } from './loaded-max-kernel.js';
import { maxKernel } from './max-kernel.js';

describe('the max kernel as a kernel', () => {
  const pool = vi.spyOn(LoadedMaxKernel.prototype, 'pool');
  const cases = testPoolingKernel(() => maxKernel, {
    reduce: (values) => values.reduce((largest, value) => Math.max(largest, value)),
    work: () => pool.mock.calls.length,
  });
  for (const { name, run } of cases) it(name, run);
});
