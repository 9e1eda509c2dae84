import { ModelError, type ModelErrorOptions } from './model-error.js';

/**
 * A server refuses access (HTTP 401 or 403): the model is private, gated or disabled, or the token is wrong.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelRefusedError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('my-team/private-model');
 * } catch (error) {
 *   if (!(error instanceof ModelRefusedError)) throw error;
 *   console.error(`${error.status}: pass a token that may read the model`);
 * }
 * ```
 */
export class ModelRefusedError extends ModelError {
  override readonly name: string = 'ModelRefusedError';
  /** The HTTP status: 401 or 403. */
  readonly status: number;

  constructor(summary: string, status: number, options?: ModelErrorOptions) {
    super('model-refused', summary, options);
    this.status = status;
  }
}

/**
 * A server could not be reached, was silent for too long, broke the connection or failed. A retry may succeed.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelUnreachableError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('minishlab/potion-base-8M');
 * } catch (error) {
 *   if (!(error instanceof ModelUnreachableError)) throw error;
 *   console.error(`try again in ${error.retryAfter ?? 10} s`);
 * }
 * ```
 */
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

/**
 * A file arrived twice with another hash or size than the Hub lists, so something in between alters it.
 *
 * @example
 * ```ts
 * import { loadStaticModel, CorruptDownloadError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('minishlab/potion-base-8M');
 * } catch (error) {
 *   if (!(error instanceof CorruptDownloadError)) throw error;
 *   console.error(`${error.file} should be ${error.expected} and arrived as ${error.found}: ask the proxy's owner`);
 * }
 * ```
 */
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

/**
 * The folder of cached models cannot be read or written. `cause` is the system's error.
 *
 * @example
 * ```ts
 * import { loadStaticModel, ModelCacheError } from '@model2vec-ts/static-model';
 *
 * try {
 *   await loadStaticModel('minishlab/potion-base-8M');
 * } catch (error) {
 *   if (!(error instanceof ModelCacheError)) throw error;
 *   console.error(`make ${error.path} writable, or set HF_HOME to a folder that is`);
 * }
 * ```
 */
export class ModelCacheError extends ModelError {
  override readonly name: string = 'ModelCacheError';
  /** The file or folder. */
  readonly path: string;

  constructor(path: string, summary: string, options?: ModelErrorOptions) {
    super('cache-failure', summary, options);
    this.path = path;
  }
}
