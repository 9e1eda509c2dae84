/** What is there without any tokenizer; the package's build puts it into a file of its own. */
export { TokenBuffer } from './token-buffer.js';
export {
  MalformedTokenizerError,
  TokenizerError,
  type TokenizerErrorCode,
  UnsupportedTokenizerError,
} from './tokenizer-error.js';
