/**
 * Exact Hugging Face tokenizer ids, with the code for rarer tokenizers imported when it is needed.
 * @module
 */
export { loadTokenizerLazily, prepareTokenizer } from './load-tokenizer-lazily.js';
export type { LoadTokenizerOptions } from './tokenizer-assembly.js';
