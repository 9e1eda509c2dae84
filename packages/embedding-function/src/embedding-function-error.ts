/** Marks the errors of every loaded copy of this package, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/embedding-function/error');

/** What went wrong, for programs. */
export type EmbeddingFunctionErrorCode = 'invalid-argument' | 'asynchronous-kernel' | 'closed';

/**
 * Every error that this package itself throws on purpose. Loading and encoding can also end in the errors of the
 * packages below, which are exported here too: `ModelError`, `TokenizerError` and `KernelError`. An aborted call
 * rejects with the signal's own reason.
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
  /** What went wrong, for programs. */
  readonly code: EmbeddingFunctionErrorCode;

  constructor(code: EmbeddingFunctionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is EmbeddingFunctionError {
    return value instanceof Error && MARKER in value;
  }
}

/** For a wrong call: says what the argument must be and what it was. */
export function invalidArgument(name: string, rule: string, found: unknown): EmbeddingFunctionError {
  return new EmbeddingFunctionError('invalid-argument', `${name} must be ${rule}; found ${described(found)}`);
}

function described(value: unknown): string {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return Array.isArray(value) ? 'an array' : typeof value;
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}
