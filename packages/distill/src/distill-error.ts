import { apiWords, type DistillRemedy } from './remedy.js';

/** Marks the errors of every loaded copy of this package, since `instanceof` recognises only its own. */
const MARKER = Symbol.for('@model2vec-ts/distill/error');

/**
 * Error codes, for programs.
 *
 * - `invalid-argument`: an option violates a rule.
 * - `missing-runtime`: ONNX Runtime is not installed.
 * - `teacher-not-found`: the folder or the repository has no model of a sentence transformer.
 * - `unsupported-teacher`: the teacher generates text, or has a tokenizer or an architecture that cannot be run
 *   exactly.
 * - `malformed-teacher`: a file of the teacher breaks a rule of its format, or lacks what its configuration implies.
 * - `teacher-failed`: ONNX Runtime failed on a text; the message carries its words.
 * - `empty-vocabulary`: no token is left after the vocabulary was cleaned up.
 * - `not-enough-texts`: there are too few texts to fit or to compare.
 * - `too-many-texts`: the texts need more than the 4 GiB of memory that a fit can use at once.
 * - `unusable-vectors`: the teacher or a model returned values that are not finite.
 * - `tokenizer-mismatch`: the static model has another tokenizer than the teacher.
 * - `cache-failure`: the cache of the teacher's vectors could not be read or written: permissions, a full disk.
 * - `malformed-data`: a file of an evaluation breaks a rule of its layout.
 * - `worker-failed`: a thread ended unexpectedly.
 */
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
