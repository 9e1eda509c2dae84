import type { StartPrefault } from './prefault.js';

/**
 * For browsers and all other platforms without Node's modules: only shared arrays can be written by another thread
 * there.
 */
export const startPrefault: StartPrefault = () => undefined;
