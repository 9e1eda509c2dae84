import type { PoolingKernel } from '../pooling-kernel.js';

/** Empty, because bundlers would try to resolve the optional packages. Pass those kernels as objects. */
export const PLATFORM_KERNELS: readonly PoolingKernel[] = [];
