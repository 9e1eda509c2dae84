/**
 * Exact Hugging Face tokenizer ids in plain TypeScript.
 * @module
 */
export { loadTokenizer } from './load-tokenizer.js';
export type { TokenBatch, TokenSink } from './token-batch.js';
export { TokenBuffer } from './token-buffer.js';
export type { EncodeOptions, Tokenizer, TokenizerPath } from './tokenizer.js';
export type { LoadTokenizerOptions } from './tokenizer-assembly.js';
export {
  MalformedTokenizerError,
  TokenizerError,
  type TokenizerErrorCode,
  UnsupportedTokenizerError,
} from './tokenizer-error.js';
