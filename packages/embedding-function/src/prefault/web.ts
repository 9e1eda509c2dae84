import type { StartPrefault } from './prefault.js';

/** Browsers, and all that is not Node: none has a way to write an array on another thread that is not shared. */
export const startPrefault: StartPrefault = () => undefined;
