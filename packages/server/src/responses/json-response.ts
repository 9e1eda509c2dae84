import type { RequestError, RequestErrorCode } from '../requests/request-error.js';

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Sends a value as JSON. */
export function jsonResponse(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...JSON_HEADERS, ...headers } });
}

/** Status of each error, unless a dialect overrides it. */
const STATUSES: Readonly<Record<RequestErrorCode, number>> = {
  'malformed-body': 400,
  'invalid-argument': 400,
  'empty-input': 400,
  'input-too-long': 413,
  'batch-too-large': 413,
  'body-too-large': 413,
  'unsupported-encoding': 415,
  'unknown-model': 404,
  // TEI's status for a model that lacks what a path needs.
  'unsupported-model': 424,
  unauthorized: 401,
  overloaded: 429,
  'timed-out': 503,
  'shutting-down': 503,
  'not-found': 404,
  'method-not-allowed': 405,
  unhealthy: 503,
  // The client is gone; nginx logs this status.
  aborted: 499,
  internal: 500,
};

/** Sends an error in a dialect's format. */
export function errorResponse(
  error: RequestError,
  body: unknown,
  statuses: Partial<Record<RequestErrorCode, number>> = {},
): Response {
  const { retryAfterSeconds, allow } = error.fields;
  return jsonResponse(body, statuses[error.code] ?? STATUSES[error.code], {
    ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
    ...(allow !== undefined && { allow }),
    ...(error.code === 'unauthorized' && { 'www-authenticate': 'Bearer' }),
    // The rest of the body would be read as the next request.
    ...(error.code === 'body-too-large' && { connection: 'close' }),
  });
}
