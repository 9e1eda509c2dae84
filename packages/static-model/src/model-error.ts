import type { ModelRemedy } from './remedy.js';

/** Marks the errors of every loaded copy of this package, since `instanceof` recognises only its own. */
const MARKER = Symbol.for('@model2vec-ts/static-model/error');

/**
 * Error codes, for programs.
 *
 * - `malformed-model`: a file of the model breaks a rule of its format; the message names the file and the place.
 * - `unsupported-model`: the model is well formed but needs something that the package or the platform cannot do
 *   exactly.
 * - `model-not-found`: no such folder, file, repository or revision; or it is not in the cache, and downloads are off.
 * - `model-refused`: the Hub denied access: the token is missing, wrong, or lacks permission for the repository.
 * - `model-unreachable`: the server did not answer, was too slow, or failed; the same call may succeed later.
 * - `model-mismatch`: the files belong to different models: the tokenizer has ids that the table lacks.
 * - `model-not-saved`: the folder or the repository on the Hub could not be written.
 * - `corrupt-download`: the bytes that arrived are not the ones that the Hub lists; nothing of them is kept.
 * - `cache-failure`: the cache could not be read or written: permissions, a full disk.
 * - `invalid-argument`: an option violates a rule.
 */
export type ModelErrorCode =
  | 'malformed-model'
  | 'unsupported-model'
  | 'model-not-found'
  | 'model-refused'
  | 'model-unreachable'
  | 'model-mismatch'
  | 'model-not-saved'
  | 'corrupt-download'
  | 'cache-failure'
  | 'invalid-argument';

/** The cause of an error, and what the caller can do about it. */
export interface ModelErrorOptions extends ErrorOptions {
  readonly remedy?: ModelRemedy | undefined;
  /** The remedy in the words of an API. It ends the message. */
  readonly advice?: string | undefined;
}

/**
 * Base class of every error that this package throws on purpose. A wrong argument throws this class with the code
 * `invalid-argument`. An aborted load rejects with the signal's reason instead.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('./no-such-folder');
 * } catch (error) {
 *   if (ModelError.isInstance(error) && error.code === 'model-not-found') console.log(error.summary, error.remedy);
 * }
 * ```
 */
export class ModelError extends Error {
  override readonly name: string = 'ModelError';
  /** Error code, for programs. */
  readonly code: ModelErrorCode;
  /** The message without the remedy. */
  readonly summary: string;
  /** What the caller can do, if this package knows. */
  readonly remedy: ModelRemedy | undefined;

  constructor(code: ModelErrorCode, summary: string, options: ModelErrorOptions = {}) {
    super(options.advice === undefined ? summary : `${summary}; ${options.advice}`, options);
    this.code = code;
    this.summary = summary;
    this.remedy = options.remedy;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also if it comes from another copy of the package or another realm. */
  static isInstance(value: unknown): value is ModelError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/**
 * A file of the model breaks the rules of its format.
 *
 * @example
 * ```ts
 * import { loadStaticModel, MalformedModelError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('./my-model');
 * } catch (error) {
 *   if (!(error instanceof MalformedModelError)) throw error;
 *   console.error(`repair ${error.file}: ${error.problem}`);
 * }
 * ```
 */
export class MalformedModelError extends ModelError {
  override readonly name: string = 'MalformedModelError';
  /** The file, such as `model.safetensors`. */
  readonly file: string;
  /** What is wrong with it. */
  readonly problem: string;

  constructor(file: string, problem: string, options?: ModelErrorOptions) {
    super('malformed-model', `${file}: ${problem}`, options);
    this.file = file;
    this.problem = problem;
  }
}

/**
 * The model is well formed but needs something that this package, or the platform, cannot do exactly.
 *
 * @example
 * ```ts
 * import { loadStaticModel, UnsupportedModelError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('./my-model');
 * } catch (error) {
 *   if (!(error instanceof UnsupportedModelError)) throw error;
 *   console.error(error.message, error.remedy);
 * }
 * ```
 */
export class UnsupportedModelError extends ModelError {
  override readonly name: string = 'UnsupportedModelError';

  constructor(summary: string, options?: ModelErrorOptions) {
    super('unsupported-model', summary, options);
  }
}

/**
 * The source holds no model.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelNotFoundError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('./my-model');
 * } catch (error) {
 *   if (!(error instanceof ModelNotFoundError)) throw error;
 *   console.error('looked for', error.lookedFor.join(', '));
 * }
 * ```
 */
export class ModelNotFoundError extends ModelError {
  override readonly name: string = 'ModelNotFoundError';
  /** File names, addresses, or interpretations of the source that were tried. */
  readonly lookedFor: readonly string[];

  constructor(summary: string, lookedFor: readonly string[], options?: ModelErrorOptions) {
    super('model-not-found', summary, options);
    this.lookedFor = lookedFor;
  }
}

/**
 * The parts of a model do not fit each other.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelMismatchError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('./my-model');
 * } catch (error) {
 *   if (!(error instanceof ModelMismatchError)) throw error;
 *   console.error(`${error.count} elements of the ${error.part} do not fit, first at ${error.firstIndex}`);
 * }
 * ```
 */
export class ModelMismatchError extends ModelError {
  override readonly name: string = 'ModelMismatchError';
  /** The part that does not fit. */
  readonly part: 'embeddings' | 'mapping' | 'weights';
  /** Number of elements that do not fit. */
  readonly count: number;
  /** Index of the first element that does not fit, if single elements are at fault. */
  readonly firstIndex: number | undefined;

  constructor(
    part: ModelMismatchError['part'],
    summary: string,
    count: number,
    firstIndex?: number,
    options?: ModelErrorOptions,
  ) {
    super('model-mismatch', summary, options);
    this.part = part;
    this.count = count;
    this.firstIndex = firstIndex;
  }
}
