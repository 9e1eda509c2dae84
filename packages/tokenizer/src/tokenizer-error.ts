import type { TokenizerRemedy } from './tokenizer-remedy.js';

/** Marks errors of this package, so that other copies of it and other realms recognise them. */
const MARKER = Symbol.for('@model2vec-ts/tokenizer/error');

/**
 * Error codes, for programs.
 *
 * - `malformed-tokenizer`: `tokenizer.json` breaks a rule of its format; the message names the place.
 * - `unsupported-tokenizer`: the file needs a component, or an option of one, that cannot be reproduced exactly.
 * - `invalid-argument`: an argument violates a rule: a text that is no string, or a `maxTokens` below 0.
 * - `no-unknown-token`: a text needs an unknown token, and the vocabulary has none.
 */
export type TokenizerErrorCode =
  | 'malformed-tokenizer'
  | 'unsupported-tokenizer'
  | 'invalid-argument'
  | 'no-unknown-token';

/** Options of a {@link TokenizerError}. */
export interface TokenizerErrorOptions extends ErrorOptions {
  /** What the caller can do. */
  readonly remedy?: TokenizerRemedy;
  /** The remedy in the words of an API. It ends the message. */
  readonly advice?: string | undefined;
}

/**
 * Base class of every error that this package throws on purpose. Its message is the {@link TokenizerError.summary},
 * followed by the remedy in terms of this package's API.
 *
 * @example
 * ```ts
 * import { loadTokenizer, TokenizerError } from '@model2vec-ts/tokenizer';
 *
 * try {
 *   loadTokenizer('{}');
 * } catch (error) {
 *   if (!TokenizerError.isInstance(error)) throw error;
 *   console.log(error.code); // malformed-tokenizer
 * }
 * ```
 */
export class TokenizerError extends Error {
  override readonly name: string = 'TokenizerError';
  /** Error code, for programs. */
  readonly code: TokenizerErrorCode;
  /** The message without the remedy. */
  readonly summary: string;
  /** What the caller can do, as data; `undefined` if nothing can be added to the summary. */
  readonly remedy: TokenizerRemedy | undefined;

  constructor(code: TokenizerErrorCode, summary: string, options: TokenizerErrorOptions = {}) {
    super(options.advice === undefined ? summary : `${summary}; ${options.advice}`, options);
    this.code = code;
    this.summary = summary;
    this.remedy = options.remedy;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /**
   * Returns whether `value` is an error of this package, also if it comes from another copy of the package or from
   * another realm, such as a test runner's sandbox.
   */
  static isInstance(value: unknown): value is TokenizerError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/**
 * `tokenizer.json` breaks the rules of its own format: the reference refuses it as well.
 *
 * @example
 * ```ts
 * import { loadTokenizer, MalformedTokenizerError } from '@model2vec-ts/tokenizer';
 *
 * try {
 *   loadTokenizer({ model: { type: 'WordLevel' } });
 * } catch (error) {
 *   if (!(error instanceof MalformedTokenizerError)) throw error;
 *   console.log(error.path); // $.model.vocab
 * }
 * ```
 */
export class MalformedTokenizerError extends TokenizerError {
  override readonly name: string = 'MalformedTokenizerError';
  /** JSON path of the wrong value, such as `$.model.vocab`. */
  readonly path: string;

  constructor(path: string, problem: string, options?: TokenizerErrorOptions) {
    super('malformed-tokenizer', `tokenizer.json: ${path} ${problem}`, options);
    this.path = path;
  }
}

/**
 * `tokenizer.json` needs a feature that this package does not implement exactly.
 *
 * @example
 * ```ts
 * import { loadTokenizer, UnsupportedTokenizerError } from '@model2vec-ts/tokenizer';
 *
 * try {
 *   loadTokenizer({ model: { type: 'WordLevel', vocab: {}, unk_token: '?' }, normalizer: { type: 'Mine' } });
 * } catch (error) {
 *   if (!(error instanceof UnsupportedTokenizerError)) throw error;
 *   console.log(error.path, error.componentType); // $.normalizer Mine
 * }
 * ```
 */
export class UnsupportedTokenizerError extends TokenizerError {
  override readonly name: string = 'UnsupportedTokenizerError';
  /** JSON path of the component, such as `$.pre_tokenizer.pretokenizers[1]`. */
  readonly path: string;
  /** Type of the component in the file. */
  readonly componentType: string;

  constructor(path: string, componentType: string, reason: string, options?: TokenizerErrorOptions) {
    super(
      'unsupported-tokenizer',
      `tokenizer.json: ${path} (${componentType}) is not supported: ${reason}`,
      options,
    );
    this.path = path;
    this.componentType = componentType;
  }
}
