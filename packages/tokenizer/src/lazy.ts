/**
 * Exact Hugging Face tokenizer ids, with the code imported when a tokenizer comes.
 * @module
 */
// For those who have errors and buffers, as the embedding function has, and need no tokenizer for it.
export * from './basis.js';
export { loadTokenizerLazily, prepareTokenizer } from './load-tokenizer-lazily.js';
export type { LoadTokenizerOptions } from './tokenizer-assembly.js';
