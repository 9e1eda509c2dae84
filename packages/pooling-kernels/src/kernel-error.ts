import type { KernelRemedy } from './kernel-remedy.js';

/** Marks errors of this package, so that other copies of it and other realms recognise them. */
const MARKER = Symbol.for('@model2vec-ts/pooling-kernels/error');

/**
 * Error codes, for programs.
 *
 * - `unknown-kernel`: no kernel is registered under this name.
 * - `kernel-name-taken`: another kernel is registered under this name.
 * - `unavailable-kernel`: this platform cannot run the kernel: no WebAssembly with SIMD, or no ONNX Runtime.
 * - `unsupported-table`: the kernel cannot pool this table: its type, its size, or its columns.
 * - `out-of-memory`: the platform did not give the memory that the table or a batch needs.
 * - `invalid-table`: the arrays of a table do not fit its rows and columns, or its mapping points beyond them.
 * - `invalid-batch`: the offsets of a batch do not begin with 0, fall, or point beyond its ids.
 * - `token-id-out-of-range`: an id of a batch has no row in the table.
 * - `output-too-small`: the output has fewer values than texts × columns.
 * - `disposed`: the kernel was used after `dispose()`.
 * - `not-conforming`: a kernel failed a case of the conformance suite.
 */
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

/** Options of a {@link KernelError}. */
export interface KernelErrorOptions extends ErrorOptions {
  /** What the caller can do. */
  readonly remedy?: KernelRemedy;
  /** The remedy in the words of an API. It ends the message. */
  readonly advice?: string | undefined;
}

/**
 * Base class of every error that this package throws on purpose. Its message is the {@link KernelError.summary},
 * followed by the remedy in terms of this package's API.
 *
 * @example
 * ```ts
 * import { KernelError } from '@model2vec-ts/pooling-kernels';
 *
 * const error = new KernelError('disposed', 'this kernel was disposed', {
 *   remedy: { code: 'load-again' },
 *   advice: 'load the table again',
 * });
 * error.message; // 'this kernel was disposed; load the table again'
 * ```
 */
export class KernelError extends Error {
  override readonly name: string = 'KernelError';
  /** Error code, for programs. */
  readonly code: KernelErrorCode;
  /** The message without the remedy. */
  readonly summary: string;
  /** What the caller can do, as data; `undefined` if nothing can be added to the summary. */
  readonly remedy: KernelRemedy | undefined;

  constructor(code: KernelErrorCode, summary: string, options: KernelErrorOptions = {}) {
    super(options.advice === undefined ? summary : `${summary}; ${options.advice}`, options);
    this.code = code;
    this.summary = summary;
    this.remedy = options.remedy;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /**
   * Returns whether `value` is an error of this package, also if it comes from another copy of the package or from
   * another realm, such as a test runner's sandbox.
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
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/**
 * A batch contains a token id without a row in the table. Nothing was written.
 *
 * @example
 * ```ts
 * import { checkBatch, TokenIdError } from '@model2vec-ts/pooling-kernels';
 *
 * try {
 *   checkBatch({ ids: Uint32Array.of(7), offsets: Uint32Array.of(0, 1) }, new Float32Array(2), 2, 5);
 * } catch (error) {
 *   if (!(error instanceof TokenIdError)) throw error;
 *   console.log(error.text, error.id, error.limit); // 0 7 5
 * }
 * ```
 */
export class TokenIdError extends KernelError {
  override readonly name: string = 'TokenIdError';
  /** Index of the text in the batch. */
  readonly text: number;
  /** The token id. */
  readonly id: number;
  /** Largest token id of the table + 1. */
  readonly limit: number;

  constructor(text: number, id: number, limit: number) {
    super(
      'token-id-out-of-range',
      `text ${text} of the batch has token id ${id}; the largest id of the table is ${limit - 1}`,
      { remedy: { code: 'match-tokenizer' }, advice: 'use the tokenizer of the same model' },
    );
    this.text = text;
    this.id = id;
    this.limit = limit;
  }
}

/** The error of a call after `dispose()`. */
export function disposedKernel(name: string): KernelError {
  return new KernelError('disposed', `this ${name} kernel was disposed`, {
    remedy: { code: 'load-again' },
    advice: 'load the table again',
  });
}
