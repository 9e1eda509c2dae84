/** Marks the errors of every loaded copy of this package, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/pooling-kernels/error');

/** What went wrong, for programs. */
export type KernelErrorCode =
  | 'unknown-kernel'
  | 'kernel-name-taken'
  | 'unavailable-kernel'
  | 'unsupported-table'
  | 'out-of-memory'
  | 'invalid-table'
  | 'invalid-batch'
  | 'token-id-out-of-range'
  | 'output-too-small'
  | 'disposed'
  | 'not-conforming';

/** Every error that this package throws on purpose. */
export class KernelError extends Error {
  override readonly name: string = 'KernelError';
  /** What went wrong, for programs. */
  readonly code: KernelErrorCode;

  constructor(code: KernelErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /**
   * Whether `value` is an error of this package, also when several copies of the package are loaded.
   *
   * @example
   * ```ts
   * import { KernelError } from '@model2vec-ts/pooling-kernels';
   *
   * const problem: unknown = new KernelError('disposed', 'the kernel was disposed');
   * if (KernelError.isInstance(problem)) problem.code satisfies string;
   * ```
   */
  static isInstance(value: unknown): value is KernelError {
    return value instanceof Error && MARKER in value;
  }
}

/** A batch holds a token id that the loaded table has no row for. Nothing was written. */
export class TokenIdError extends KernelError {
  override readonly name: string = 'TokenIdError';
  /** Position of the text in the batch. */
  readonly text: number;
  /** The id. */
  readonly id: number;
  /** One more than the largest id that the table takes. */
  readonly limit: number;

  constructor(text: number, id: number, limit: number) {
    super(
      'token-id-out-of-range',
      `text ${text} of the batch holds token id ${id}, but the table takes ids below ${limit}: ` +
        'tokenizer and table are not of the same model',
    );
    this.text = text;
    this.id = id;
    this.limit = limit;
  }
}
