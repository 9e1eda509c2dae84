/**
 * Exact Hugging Face tokenizer ids in plain TypeScript.
 * @module
 */
export * from './basis.js';
export { loadTokenizer } from './load-tokenizer.js';
export type { TokenBatch, TokenSink } from './token-batch.js';
export type { Tokenizer, TokenizerEncodeOptions, TokenizerPath } from './tokenizer.js';
export type { LoadTokenizerOptions } from './tokenizer-assembly.js';
