/**
 * Exact Hugging Face tokenizer ids, with the code imported when a tokenizer comes.
 * @module
 */
export { loadTokenizerLazily, prepareTokenizer } from './load-tokenizer-lazily.js';
// Here as well, so that the package's build puts them into files without a tokenizer: those who have errors and buffers,
// as the embedding function has, need none for it.
export { TokenBuffer } from './token-buffer.js';
export type { LoadTokenizerOptions } from './tokenizer-assembly.js';
export {
  MalformedTokenizerError,
  TokenizerError,
  type TokenizerErrorCode,
  UnsupportedTokenizerError,
} from './tokenizer-error.js';
