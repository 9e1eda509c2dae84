/**
 * Exact Hugging Face tokenizer ids in plain TypeScript.
 * @module
 */
export type { TokenBatch, TokenSink } from './token-batch.js';
export type { EncodeOptions, Tokenizer } from './tokenizer.js';
export {
  MalformedTokenizerError,
  TokenizerError,
  type TokenizerErrorCode,
  UnsupportedTokenizerError,
} from './tokenizer-error.js';
