/**
 * Exact Hugging Face tokenizer ids in plain TypeScript.
 * @module
 */
export * from './basis.js';
export { loadTokenizer } from './load-tokenizer.js';
export type { LoadTokenizerOptions } from './load-tokenizer-options.js';
export type { TokenBatch, TokenSink } from './token-batch.js';
export type { Tokenizer, TokenizerEncodeOptions, TokenizerPath } from './tokenizer.js';
