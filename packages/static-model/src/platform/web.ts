import { hasNonFinite } from '../elements/finite.js';
import { createSha256 } from '../sha-256.js';
import type { Platform } from './platform.js';

/** Browsers, edge runtimes, and all that is not Node: no file system. */
export const platform: Platform = {
  hasFiles: false,
  kindOf: () => Promise.resolve(undefined),
  join: (folder) => folder,
  readFile: () => Promise.resolve(undefined),
  listFiles: () => [],
  openFile: () => undefined,
  createSha256,
  hasNonFinite,
  environmentVariable: () => undefined,
};
