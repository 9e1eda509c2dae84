/** Marks the errors of every loaded copy of this package, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/milvus-adapter/error');

/**
 * What went wrong, for programs.
 *
 * - `unreachable`: nothing answered at the address in time, or the connection broke; the same call may work later.
 * - `refused`: the server answered and said no: wrong password or token, no permission, TLS that does not fit.
 * - `not-found`: no such collection, database or index; or no Python, or none with what Milvus Lite needs.
 * - `unsupported`: this server cannot do it, at its version.
 * - `invalid-argument`: the call, or a value in a row, does not fit its field or its rule.
 * - `mismatch`: the collection holds vectors of another model, or has another schema than asked for.
 * - `limit`: too large or too much for the server: message size, quota, memory, disk.
 * - `locked`: another program holds the folder of Milvus Lite.
 * - `aborted`: the caller's signal ended it.
 * - `embedder`: the embedding function failed, or gave vectors of another length than it says.
 * - `closed`: the connection was closed by `close()`.
 * - `server`: the server failed in a way of its own; the message carries its words.
 */
export type MilvusErrorCode =
  | 'unreachable'
  | 'refused'
  | 'not-found'
  | 'unsupported'
  | 'invalid-argument'
  | 'mismatch'
  | 'limit'
  | 'locked'
  | 'aborted'
  | 'embedder'
  | 'closed'
  | 'server';

/** What a {@link MilvusError} knows beside its message. */
export interface MilvusErrorDetails extends ErrorOptions {
  /** Whether the same request may succeed when sent again. */
  readonly retriable?: boolean;
  /** The number that the server gave: Milvus' `Status.code`, or gRPC's status where Milvus did not answer. */
  readonly serverCode?: number;
}

/**
 * Every error of this package. No call of it rejects with anything else, except that an aborted call has the
 * signal's reason as its `cause`.
 *
 * @example
 * ```ts
 * import { connectMilvus, MilvusError } from '@model2vec-ts/milvus-adapter';
 *
 * try {
 *   await connectMilvus('http://localhost:19530');
 * } catch (error) {
 *   if (MilvusError.isInstance(error) && error.code === 'unreachable') console.error('is Milvus running?');
 *   else throw error;
 * }
 * ```
 */
export class MilvusError extends Error {
  override readonly name: string = 'MilvusError';
  /** What went wrong, for programs. */
  readonly code: MilvusErrorCode;
  /** Whether the same request may succeed when sent again. */
  readonly retriable: boolean;
  /** The number that the server gave, where it gave one. */
  readonly serverCode: number | undefined;

  constructor(code: MilvusErrorCode, message: string, details: MilvusErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.retriable = details.retriable ?? false;
    this.serverCode = details.serverCode;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also when several copies of the package are loaded. */
  static isInstance(value: unknown): value is MilvusError {
    return value instanceof Error && MARKER in value;
  }
}

/** For a wrong call: says what the argument must be and what it was. */
export function invalidArgument(name: string, rule: string, found: unknown): MilvusError {
  return new MilvusError('invalid-argument', `${name} must be ${rule}; found ${described(found)}`);
}

/** A value as a message shows it: short, and never the whole of a long text. */
export function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) return value.constructor.name;
  return typeof value;
}

/** For a call that its signal ended. */
export function abortedError(signal: AbortSignal, what: string): MilvusError {
  return new MilvusError('aborted', `${what} was aborted by its signal`, { cause: signal.reason });
}
