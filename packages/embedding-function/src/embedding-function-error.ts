import type { EmbeddingFunctionRemedy } from './embedding-function-remedy.js';

/** Marks errors of this package, so that other copies of it and other realms recognise them. */
const MARKER = Symbol.for('@model2vec-ts/embedding-function/error');

/**
 * Error codes, for programs.
 *
 * - `invalid-argument`: an option or a list of texts violates a rule.
 * - `asynchronous-kernel`: `encodeSync` was called with a kernel that can only answer later; call `encode`.
 * - `closed`: the embedding function was used after `close()`.
 */
export type EmbeddingFunctionErrorCode = 'invalid-argument' | 'asynchronous-kernel' | 'closed';

/** Options of an {@link EmbeddingFunctionError}. */
export interface EmbeddingFunctionErrorOptions extends ErrorOptions {
  /** What the caller can do. */
  readonly remedy?: EmbeddingFunctionRemedy;
  /** The remedy in the words of an API. It ends the message. */
  readonly advice?: string | undefined;
}

/**
 * Base class of every error that this package itself throws on purpose. Loading and encoding can also throw the errors
 * of the packages below, which are exported here too: `ModelError`, `TokenizerError` and `KernelError`. An aborted call
 * rejects with the signal's reason. The message is the {@link EmbeddingFunctionError.summary}, followed by the remedy
 * in terms of this package's API.
 *
 * @example
 * ```ts
 * import { EmbeddingFunctionError, ModelError, Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 *
 * try {
 *   await Model2VecEmbeddingFunction.create({ modelSource: './my-model', maxLength: 128 });
 * } catch (error) {
 *   if (EmbeddingFunctionError.isInstance(error)) console.error('wrong call:', error.message);
 *   else if (ModelError.isInstance(error)) console.error('no usable model:', error.message);
 *   else throw error;
 * }
 * ```
 */
export class EmbeddingFunctionError extends Error {
  override readonly name: string = 'EmbeddingFunctionError';
  /** Error code, for programs. */
  readonly code: EmbeddingFunctionErrorCode;

  /** The message without the remedy. */
  readonly summary: string;
  /** What the caller can do, as data; `undefined` if nothing can be added to the summary. */
  readonly remedy: EmbeddingFunctionRemedy | undefined;

  constructor(
    code: EmbeddingFunctionErrorCode,
    summary: string,
    options: EmbeddingFunctionErrorOptions = {},
  ) {
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
  static isInstance(value: unknown): value is EmbeddingFunctionError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/** The error of a wrong argument: says what it must be and what was found. */
export function invalidArgument(name: string, rule: string, found: unknown): EmbeddingFunctionError {
  return new EmbeddingFunctionError('invalid-argument', `${name} must be ${rule}; found ${described(found)}`);
}

function described(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return Array.isArray(value) ? 'an array' : typeof value;
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
