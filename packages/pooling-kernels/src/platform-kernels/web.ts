import type { PoolingKernel } from '../pooling-kernel.js';

/** None: a bundler would look for an optional package that a name stands for. Those kernels are given as objects. */
export const PLATFORM_KERNELS: readonly PoolingKernel[] = [];
