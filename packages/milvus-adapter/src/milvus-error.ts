import { type MilvusRemedy, remedyText } from './remedy.js';

/** Marks the errors of every loaded copy of this package and of every realm, which `instanceof` does not recognise. */
const MARKER = Symbol.for('@model2vec-ts/milvus-adapter/error');

/**
 * Error codes, for programs.
 *
 * - `unreachable`: nothing answered in time, or the connection broke; the same call may succeed later.
 * - `refused`: the server denied access: wrong password or token, missing permission, TLS settings that do not fit.
 * - `not-found`: no such collection, database or index; or no Python, or no Python with milvus-lite.
 * - `unsupported`: this version of the server cannot do it.
 * - `invalid-argument`: an argument or a value of a row violates a rule.
 * - `mismatch`: the collection holds another model's vectors, or its schema differs from the one asked for.
 * - `limit`: too large or too much for the server: message size, quota, memory, disk.
 * - `locked`: another program holds the folder of Milvus Lite.
 * - `aborted`: the caller's signal ended it.
 * - `embedder`: the embedding function failed or returned vectors of the wrong length.
 * - `closed`: `close()` ended the connection before the call.
 * - `server`: any other failure of the server; the message carries its words.
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

/** Optional facts of a {@link MilvusError}. */
export interface MilvusErrorDetails extends ErrorOptions {
  /** What the caller can do. */
  readonly remedy?: MilvusRemedy | undefined;
  /**
   * Whether the same request may succeed when sent again.
   *
   * @defaultValue false
   */
  readonly retriable?: boolean;
  /** Milvus' `Status.code`, or gRPC's status if Milvus did not answer. */
  readonly serverCode?: number | undefined;
}

/**
 * Every error of this package; its calls reject with no other errors. The `cause` of an aborted call is the signal's
 * reason.
 *
 * @example
 * ```ts
 * import { connectMilvus, MilvusError } from '@model2vec-ts/milvus-adapter';
 *
 * try {
 *   await connectMilvus('http://localhost:19530');
 * } catch (error) {
 *   if (!MilvusError.isInstance(error)) throw error;
 *   console.error(error.code, error.summary);
 *   if (error.remedy?.code === 'log-in') console.error('set MILVUS_TOKEN');
 * }
 * ```
 */
export class MilvusError extends Error {
  override readonly name: string = 'MilvusError';
  /** Error code, for programs. */
  readonly code: MilvusErrorCode;
  /** The message without the remedy. */
  readonly summary: string;
  /** What the caller can do, if anything. */
  readonly remedy: MilvusRemedy | undefined;
  /** Whether the same request may succeed when sent again. */
  readonly retriable: boolean;
  /** Milvus' `Status.code`, or gRPC's status if Milvus did not answer. */
  readonly serverCode: number | undefined;

  /** @param summary - the message without the remedy, which is appended in terms of this package's API */
  constructor(code: MilvusErrorCode, summary: string, details: MilvusErrorDetails = {}) {
    const { remedy, retriable = false, serverCode } = details;
    super(
      remedy === undefined ? summary : `${summary}; ${remedyText(remedy)}`,
      'cause' in details ? { cause: details.cause } : undefined,
    );
    this.code = code;
    this.summary = summary;
    this.remedy = remedy;
    this.retriable = retriable;
    this.serverCode = serverCode;
    Object.defineProperty(this, MARKER, { value: true });
  }

  /** Whether `value` is an error of this package, also of another loaded copy or another realm. */
  static isInstance(value: unknown): value is MilvusError {
    return typeof value === 'object' && value !== null && MARKER in value;
  }
}

/** For a wrong argument: states its rule and what was found. */
export function invalidArgument(
  name: string,
  rule: string,
  found: unknown,
  remedy?: MilvusRemedy,
): MilvusError {
  return new MilvusError('invalid-argument', `${name} must be ${rule}; found ${described(found)}`, {
    remedy,
  });
}

/** Formats a value for a message, shortened. */
export function described(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value !== 'object') return `a ${typeof value}`;
  const kind = className(value);
  return kind === undefined ? 'an object' : withArticle(kind);
}

/** A class name in a sentence: `a Map`, `an Error`. */
export function withArticle(name: string): string {
  return `${/^[AEIO]/i.test(name) ? 'an' : 'a'} ${name}`;
}

/** The class of an object; `undefined` for a plain one. */
export function className(value: object): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return undefined;
  // An object literal of another realm has a prototype of its own, which again has none.
  if (Object.getPrototypeOf(prototype) === null) return undefined;
  const maker = (prototype as { readonly constructor?: unknown }).constructor;
  const name: unknown = typeof maker === 'function' ? maker.name : undefined;
  return typeof name === 'string' && name !== '' ? name : 'class instance';
}

/** The message of anything that was thrown, in any realm. */
export function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}

/** For a call that its signal ended. */
export function abortedError(signal: AbortSignal, what: string): MilvusError {
  return new MilvusError('aborted', `${what} was aborted by its signal`, { cause: signal.reason });
}
