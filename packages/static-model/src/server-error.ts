import { ModelError, type ModelErrorOptions } from './model-error.js';

/** A server refuses access (HTTP 401 or 403): the model is private, gated or disabled, or the token is wrong. */
export class ModelRefusedError extends ModelError {
  override readonly name: string = 'ModelRefusedError';
  /** The HTTP status: 401 or 403. */
  readonly status: number;

  constructor(summary: string, status: number, options?: ModelErrorOptions) {
    super('model-refused', summary, options);
    this.status = status;
  }
}

/** A server could not be reached, was silent for too long, broke the connection or failed. A retry may succeed. */
export class ModelUnreachableError extends ModelError {
  override readonly name: string = 'ModelUnreachableError';
  /** The HTTP status, if the server answered. */
  readonly status: number | undefined;
  /** Seconds until the server accepts another request, if it said so. */
  readonly retryAfter: number | undefined;

  constructor(
    summary: string,
    status?: number,
    options: ModelErrorOptions & { readonly retryAfter?: number | undefined } = {},
  ) {
    super('model-unreachable', summary, options);
    this.status = status;
    this.retryAfter = options.retryAfter;
  }
}

/** A file arrived twice with another hash or size than the Hub lists, so something in between alters it. */
export class CorruptDownloadError extends ModelError {
  override readonly name: string = 'CorruptDownloadError';
  /** The file, such as `model.safetensors`. */
  readonly file: string;
  /** Hash that the Hub lists, in hexadecimal, or its number of bytes. */
  readonly expected: string;
  /** Hash or number of bytes that arrived. */
  readonly found: string;

  constructor(file: string, expected: string, found: string, summary: string, options?: ModelErrorOptions) {
    super('corrupt-download', summary, options);
    this.file = file;
    this.expected = expected;
    this.found = found;
  }
}

/** The folder of cached models cannot be read or written. `cause` is the system's error. */
export class ModelCacheError extends ModelError {
  override readonly name: string = 'ModelCacheError';
  /** The file or folder. */
  readonly path: string;

  constructor(path: string, summary: string, options?: ModelErrorOptions) {
    super('cache-failure', summary, options);
    this.path = path;
  }
}
