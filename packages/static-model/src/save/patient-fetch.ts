import { joinSignals, untilAborted } from '../abort.js';
import { type RetryPolicy, retryAfterSeconds, retrying } from '../hub/retry.js';
import { ModelUnreachableError } from '../model-error.js';
import { causeOf, messageOf, systemCode } from '../thrown-value.js';

/** Statuses of failures that may be gone a moment later. */
const PASSING = [408, 429, 500, 502, 503, 504];

/**
 * A `fetch` that stops with a signal and sends a request again where the connection fails or the server says that it is
 * busy. What it is given must be able to be sent twice: a text or a blob, and no stream. The last answer is handed on.
 */
export function patientFetch(send: typeof fetch, policy: RetryPolicy, signal: AbortSignal): typeof fetch {
  return async (input, init) => {
    const joined = joinSignals(signal, init?.signal);
    const options = { ...init, signal: joined.signal };
    let last: Response | undefined;
    try {
      return await retrying(
        async () => {
          last = undefined;
          const sent = untilAborted(joined.signal, () => send(input, options));
          const response = await sent.catch((cause: unknown) => {
            signal.throwIfAborted();
            throw new ModelUnreachableError(`${hostOf(input)} cannot be reached (${reasonOf(cause)})`);
          });
          if (!PASSING.includes(response.status)) return response;
          last = response;
          const retryAfter = retryAfterSeconds(response.headers);
          throw new ModelUnreachableError('busy', response.status, { retryAfter });
        },
        policy,
        signal,
      );
    } catch (error) {
      signal.throwIfAborted();
      if (last !== undefined) return last;
      throw error;
    } finally {
      joined.release();
    }
  };
}

/** Without the path and the query, which can be signed. */
function hostOf(input: Parameters<typeof fetch>[0]): string {
  const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
  return URL.canParse(url) ? new URL(url).origin : 'the server';
}

/** What a platform says of a broken connection: a code where there is one. */
function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  return systemCode(cause) ?? messageOf(cause);
}
