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
  | 'model-not-saved'
  | 'model-not-saved'
  | 'corrupt-download'
  | 'cache-failure'
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
  /** Seconds after which the server wants to be asked again, where it says so. */
  readonly retryAfter: number | undefined;

  constructor(
    message: string,
    status?: number,
    options: ErrorOptions & { readonly retryAfter?: number | undefined } = {},
  ) {
    super('model-unreachable', message, options);
    this.status = status;
    this.retryAfter = options.retryAfter;
  }
}

/** What arrived, more than once, is not what the Hub lists: something on the way, or the Hub, alters the file. */
export class CorruptDownloadError extends ModelError {
  override readonly name: string = 'CorruptDownloadError';
  /** The file, such as `model.safetensors`. */
  readonly file: string;
  /** Hash that the Hub lists, in hexadecimal, or its number of bytes. */
  readonly expected: string;
  /** Hash, or number of bytes, of what arrived. */
  readonly found: string;

  constructor(file: string, expected: string, found: string, message: string, options?: ErrorOptions) {
    super('corrupt-download', message, options);
    this.file = file;
    this.expected = expected;
    this.found = found;
  }
}

/** The folder of cached models cannot be written or read: a full disk, missing rights. `cause` is the system's error. */
export class ModelCacheError extends ModelError {
  override readonly name: string = 'ModelCacheError';
  /** The file or folder. */
  readonly path: string;

  constructor(path: string, message: string, options?: ErrorOptions) {
    super('cache-failure', message, options);
    this.path = path;
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
