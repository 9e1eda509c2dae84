/** Marks the errors of every loaded copy of this package, since `instanceof` recognises only its own. */
const MARKER = Symbol.for('@model2vec-ts/server/error');

/**
 * Error codes, for programs.
 *
 * - `invalid-argument`: an option violates a rule.
 * - `cannot-listen`: the address or the port cannot be used; the cause is the error of the system.
 */
export type ServerErrorCode = 'invalid-argument' | 'cannot-listen';

/**
 * Base class of every error that this package throws on purpose. Requests never throw; they are answered with an error.
 *
 * @example
 * ```ts
 * import { createEmbeddingServer, ServerError } from '@model2vec-ts/server';
 *
 * try {
 *   createEmbeddingServer({ models: [] });
 * } catch (error) {
 *   if (ServerError.isInstance(error)) console.error(error.code, error.message);
 * }
 * ```
 */
export class ServerError extends Error {
  override readonly name: string = 'ServerError';
  /** Error code, for programs. */
  readonly code: ServerErrorCode;

  constructor(code: ServerErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is ServerError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}
