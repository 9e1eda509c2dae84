/** Node: the code for fast loading and encoding is on disk, so it is always used. */
export { fastTokenizerOf } from '../fast/fast-path.js';
export { parseTokenizerJson } from '../json/kept-tables.js';
