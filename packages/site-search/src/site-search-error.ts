/** Marks the errors of every loaded copy of this package, since `instanceof` recognises only its own. */
const MARKER = Symbol.for('@model2vec-ts/site-search/error');

/**
 * Error codes, for programs.
 *
 * - `invalid-argument`: an option is invalid.
 * - `unsupported-model`: the tokenizer of the model is not that of BERT.
 * - `no-pages`: the folder or the list has no page with text.
 * - `missing-index`: a file of the index was not found; the site may have been built again since the page was loaded.
 * - `unreachable`: the server did not answer, or failed; the same query may succeed later.
 * - `malformed`: a file is not part of an index of this version.
 */
export type SiteSearchErrorCode =
  | 'invalid-argument'
  | 'unsupported-model'
  | 'no-pages'
  | 'missing-index'
  | 'unreachable'
  | 'malformed';

/**
 * Base class of every error that this package throws on purpose.
 *
 * @example
 * ```ts
 * import { openSiteSearch, SiteSearchError } from '@model2vec-ts/site-search/browser';
 *
 * try {
 *   await openSiteSearch('https://example.com/search/');
 * } catch (error) {
 *   if (!SiteSearchError.isInstance(error)) throw error;
 *   console.error(error.code, error.message);
 * }
 * ```
 */
export class SiteSearchError extends Error {
  override readonly name: string = 'SiteSearchError';
  /** Error code, for programs. */
  readonly code: SiteSearchErrorCode;

  constructor(code: SiteSearchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is SiteSearchError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}
