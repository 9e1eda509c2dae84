import type { PoolingKernel } from '../pooling-kernel.js';

/** Empty, because only Node reads rows of files synchronously. */
export const kernelsForSize = (): readonly PoolingKernel[] => [];

/** Empty, because bundlers would try to resolve the optional packages. Pass those kernels as objects. */
export const PLATFORM_KERNELS: readonly PoolingKernel[] = [];
