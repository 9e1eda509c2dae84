import type { PoolingKernel } from '../pooling-kernel.js';

/** None, because bundlers would look for the optional package of a name. Pass those kernels as objects. */
export const PLATFORM_KERNELS: readonly PoolingKernel[] = [];
