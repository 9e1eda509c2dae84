/**
 * Exact Hugging Face tokenizer ids; the code is imported when a tokenizer is loaded.
 * @module
 */
// Errors and buffers, which the embedding function needs before it has a tokenizer.
export * from './basis.js';
export type { KeptTables } from './json/kept-tables.js';
export { loadTokenizerLazily, prepareTokenizer } from './load-tokenizer-lazily.js';
export type { LoadTokenizerLazilyOptions, LoadTokenizerOptions } from './load-tokenizer-options.js';
