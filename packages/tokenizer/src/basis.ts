/** Needed without a tokenizer: the package's build puts it into a file of its own. */
export { TokenBuffer } from './token-buffer.js';
export {
  MalformedTokenizerError,
  TokenizerError,
  type TokenizerErrorCode,
  type TokenizerErrorOptions,
  UnsupportedTokenizerError,
} from './tokenizer-error.js';
export type { TokenizerRemedy } from './tokenizer-remedy.js';
