import { joinSignals } from '../abort.js';
import { type RetryPolicy, retryAfterSeconds, retrying } from '../hub/retry.js';
import { ModelUnreachableError } from '../server-error.js';
import { untilAborted } from '../source/until-aborted.js';
import { causeOf, messageOf, systemCode } from '../thrown-value.js';

/** Statuses of temporary failures. */
const PASSING = [408, 429, 500, 502, 503, 504];

/**
 * A `fetch` that honours a signal, and retries if the connection fails or the server is busy. The body must be
 * resendable: text or a blob, not a stream. The last answer is returned.
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

/** Leaves out path and query, because they can be signed. */
function hostOf(input: Parameters<typeof fetch>[0]): string {
  const url = typeof input === 'object' && 'url' in input ? input.url : String(input);
  return URL.canParse(url) ? new URL(url).origin : 'the server';
}

/** Reason of a broken connection: its code, if the platform gives one. */
function reasonOf(error: unknown): string {
  const cause = causeOf(error);
  return systemCode(cause) ?? messageOf(cause);
}
