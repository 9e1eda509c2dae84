/** Marks the errors of every loaded copy of this package, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/static-model/error');

/** What went wrong, for programs. */
export type ModelErrorCode =
  | 'malformed-model'
  | 'unsupported-model'
  | 'model-not-found'
  | 'model-refused'
  | 'model-unreachable'
  | 'model-mismatch'
  | 'invalid-argument';

/**
 * Every error that this package throws on purpose. A wrong argument has this class itself and the code
 * `invalid-argument`; an aborted load rejects with the signal's own reason, which is no `ModelError`.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('./no-such-folder');
 * } catch (error) {
 *   if (ModelError.isInstance(error) && error.code === 'model-not-found') console.log(error.message);
 * }
 * ```
 */
export class ModelError extends Error {
  override readonly name: string = 'ModelError';
  /** What went wrong, for programs. */
  readonly code: ModelErrorCode;

  constructor(code: ModelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is ModelError {
    return value instanceof Error && MARKER in value;
  }
}

/** A file of the model breaks the rules of its format. */
export class MalformedModelError extends ModelError {
  override readonly name: string = 'MalformedModelError';
  /** The file, such as `model.safetensors`. */
  readonly file: string;
  /** What is wrong with it. */
  readonly problem: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super('malformed-model', `${file}: ${problem}`, options);
    this.file = file;
    this.problem = problem;
  }
}

/** The model is well formed but asks for something that this package, or the platform, cannot do exactly. */
export class UnsupportedModelError extends ModelError {
  override readonly name: string = 'UnsupportedModelError';

  constructor(message: string, options?: ErrorOptions) {
    super('unsupported-model', message, options);
  }
}

/** There is no model where the source points. */
export class ModelNotFoundError extends ModelError {
  override readonly name: string = 'ModelNotFoundError';
  /** What was looked for: file names, or readings of the source. */
  readonly lookedFor: readonly string[];

  constructor(message: string, lookedFor: readonly string[], options?: ErrorOptions) {
    super('model-not-found', message, options);
    this.lookedFor = lookedFor;
  }
}

/** A server wants credentials, or refuses those that it got (HTTP 401 and 403): a private or gated model. */
export class ModelRefusedError extends ModelError {
  override readonly name: string = 'ModelRefusedError';
  /** The HTTP status: 401 or 403. */
  readonly status: number;

  constructor(message: string, status: number, options?: ErrorOptions) {
    super('model-refused', message, options);
    this.status = status;
  }
}

/** A server could not be reached, went silent, broke off or failed. Trying again later may help. */
export class ModelUnreachableError extends ModelError {
  override readonly name: string = 'ModelUnreachableError';
  /** The HTTP status, where an answer came. */
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super('model-unreachable', message, options);
    this.status = status;
  }
}

/** The parts of a model do not fit each other. */
export class ModelMismatchError extends ModelError {
  override readonly name: string = 'ModelMismatchError';
  /** The part that does not fit. */
  readonly part: 'embeddings' | 'mapping' | 'weights';
  /** How many of its elements do not fit. */
  readonly count: number;
  /** Index of the first element that does not fit, where single elements are at fault. */
  readonly firstIndex: number | undefined;

  constructor(
    part: ModelMismatchError['part'],
    message: string,
    count: number,
    firstIndex?: number,
    options?: ErrorOptions,
  ) {
    super('model-mismatch', message, options);
    this.part = part;
    this.count = count;
    this.firstIndex = firstIndex;
  }
}
