/**
 * Models whose rows a server sends by range.
 * @module
 */
export { type RangedFileOptions, rangedFile } from './source/ranged-file.js';
export type { RangedFile } from './static-model.js';
