/** Marks the errors of every loaded copy of this package, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/distill/error');

/** What went wrong, for programs. */
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

/** A way out, as data: a program can offer it in its own words. */
export type DistillRemedy =
  | { readonly action: 'install-package'; readonly packageName: string }
  | { readonly action: 'export-onnx'; readonly teacher: string; readonly file: 'onnx/model.onnx' }
  | { readonly action: 'add-texts'; readonly atLeast: number }
  | { readonly action: 'choose-folder'; readonly path: string }
  | { readonly action: 'choose-option'; readonly option: string; readonly values: readonly string[] };

/**
 * Every error that this package throws on purpose. An aborted call rejects with the signal's own reason instead.
 *
 * @example
 * ```ts
 * import { DistillError, loadTeacher } from '@model2vec-ts/distill';
 *
 * try {
 *   await loadTeacher('./no-such-folder');
 * } catch (error) {
 *   if (DistillError.isInstance(error) && error.code === 'teacher-not-found') console.log(error.message);
 * }
 * ```
 */
export class DistillError extends Error {
  override readonly name: string = 'DistillError';
  readonly code: DistillErrorCode;
  /** What the caller can do, where that is one thing. */
  readonly remedy: DistillRemedy | undefined;

  constructor(
    code: DistillErrorCode,
    message: string,
    options: ErrorOptions & { readonly remedy?: DistillRemedy } = {},
  ) {
    super(message, options);
    this.code = code;
    this.remedy = options.remedy;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is DistillError {
    return value instanceof Error && MARKER in value;
  }
}
