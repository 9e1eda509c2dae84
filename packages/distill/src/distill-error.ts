import { apiWords, type DistillRemedy } from './remedy.js';

/** Marks the errors of every loaded copy of this package, since `instanceof` recognises only its own. */
const MARKER = Symbol.for('@model2vec-ts/distill/error');

/** Error codes, for programs. */
export type DistillErrorCode =
  | 'invalid-argument'
  | 'missing-runtime'
  | 'teacher-not-found'
  | 'unsupported-teacher'
  | 'malformed-teacher'
  | 'teacher-failed'
  | 'empty-vocabulary'
  | 'not-enough-texts'
  | 'too-many-texts'
  | 'unusable-vectors'
  | 'tokenizer-mismatch'
  | 'cache-failure'
  | 'malformed-data'
  | 'worker-failed';

/** The cause of an error, and what the caller can do about it. */
export interface DistillErrorOptions extends ErrorOptions {
  readonly remedy?: DistillRemedy | undefined;
}

/**
 * Base class of every error that this package throws on purpose. An aborted call rejects with the signal's reason
 * instead.
 *
 * @example
 * ```ts
 * import { DistillError, loadTeacher } from '@model2vec-ts/distill';
 *
 * try {
 *   await loadTeacher('./no-such-folder');
 * } catch (error) {
 *   if (DistillError.isInstance(error) && error.code === 'teacher-not-found') console.log(error.summary, error.remedy);
 * }
 * ```
 */
export class DistillError extends Error {
  override readonly name: string = 'DistillError';
  /** Error code, for programs. */
  readonly code: DistillErrorCode;
  /** The message without the remedy. */
  readonly summary: string;
  /** What the caller can do, if this package knows. */
  readonly remedy: DistillRemedy | undefined;

  constructor(code: DistillErrorCode, summary: string, { remedy, ...options }: DistillErrorOptions = {}) {
    super(remedy ? `${summary}; ${apiWords(remedy)}` : summary, options);
    this.code = code;
    this.summary = summary;
    this.remedy = remedy;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also if it comes from another copy of the package or another realm. */
  static isInstance(value: unknown): value is DistillError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}
