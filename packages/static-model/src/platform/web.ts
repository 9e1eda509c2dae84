import { hasNonFinite } from '../elements/finite.js';
import { createSha256 } from '../sha-256.js';
import type { Platform } from './platform.js';

/** For browsers, edge runtimes and all other platforms without a file system. */
export const platform: Platform = {
  hasFiles: false,
  openFolder: () => Promise.resolve(undefined),
  readFile: () => Promise.resolve(undefined),
  openFile: () => undefined,
  createSha256,
  hasNonFinite,
  environmentVariable: () => undefined,
};
