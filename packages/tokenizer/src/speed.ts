/** What runs in WebAssembly: a tokenizer gives the same ids without it, later. */
export { fastTokenizerOf } from './fast/fast-path.js';
export { parseTokenizerJson } from './tokenizer-json.js';
