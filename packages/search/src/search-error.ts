/** Marks the errors of every loaded copy of this package, since `instanceof` recognises only its own. */
const MARKER = Symbol.for('@model2vec-ts/search/error');

/**
 * Error codes, for programs.
 *
 * - `invalid-argument`: an option, a query or a filter is invalid.
 * - `unsupported`: the index was created without a feature that the call needs.
 * - `embedder`: the embedding function failed, or returned vectors of another length than its `dim`.
 * - `aborted`: the caller's signal ended the call.
 * - `mismatch`: the saved index holds vectors of another model.
 * - `malformed`: the bytes are no saved index, or were altered.
 * - `not-conforming`: a case of the conformance suite failed.
 */
export type SearchErrorCode =
  | 'invalid-argument'
  | 'unsupported'
  | 'embedder'
  | 'aborted'
  | 'mismatch'
  | 'malformed'
  | 'not-conforming';

/**
 * Base class of every error that this package throws on purpose.
 *
 * @example
 * ```ts
 * import { compileFilter, SearchError } from '@model2vec-ts/search';
 *
 * try {
 *   compileFilter('year >');
 * } catch (error) {
 *   if (SearchError.isInstance(error)) console.error(error.code, error.message);
 *   else throw error;
 * }
 * ```
 */
export class SearchError extends Error {
  override readonly name: string = 'SearchError';
  /** Error code, for programs. */
  readonly code: SearchErrorCode;

  constructor(code: SearchErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is SearchError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/** For a wrong call: says what the argument must be and what was found. */
export function invalidArgument(name: string, rule: string, found: unknown): SearchError {
  return new SearchError('invalid-argument', `${name} must be ${rule}; found ${described(found)}`);
}

/** Formats a value for a message, shortened. */
export function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  return typeof value;
}
