/** Why a request failed, in any dialect. */
export type RequestErrorCode =
  | 'malformed-body'
  | 'invalid-argument'
  | 'empty-input'
  | 'input-too-long'
  | 'batch-too-large'
  | 'body-too-large'
  | 'unsupported-encoding'
  | 'unknown-model'
  | 'unsupported-model'
  | 'unauthorized'
  | 'overloaded'
  | 'timed-out'
  | 'shutting-down'
  | 'not-found'
  | 'method-not-allowed'
  | 'unhealthy'
  | 'aborted'
  | 'internal';

/** Fields of a {@link RequestError} beyond code and message. */
export interface RequestErrorFields {
  /** The wrong field of the body, such as `input[3]`. */
  readonly param?: string;
  /** When to try again. */
  readonly retryAfterSeconds?: number;
  /** Methods of the path. */
  readonly allow?: string;
  readonly cause?: unknown;
}

/** Ends a request; each dialect formats it. The message never contains a text or a key. */
export class RequestError extends Error {
  override readonly name: string = 'RequestError';
  readonly code: RequestErrorCode;
  readonly fields: RequestErrorFields;

  constructor(code: RequestErrorCode, message: string, fields: RequestErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.code = code;
    this.fields = fields;
  }
}

/**
 * Turns any thrown value into a {@link RequestError}; other errors are the server's fault and their details stay
 * private.
 */
export function requestErrorOf(error: unknown): RequestError {
  if (error instanceof RequestError) return error;
  return new RequestError('internal', 'the server failed to handle this request', { cause: error });
}
