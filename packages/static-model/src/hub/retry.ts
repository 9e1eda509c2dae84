import { ModelUnreachableError } from '../server-error.js';

/** How often and how soon a failed request is retried. */
export interface RetryPolicy {
  /** Retries in a row without progress. */
  readonly retries: number;
  /** Pause before the first retry; each further pause is twice as long. */
  readonly firstDelayMilliseconds: number;
  readonly longestDelayMilliseconds: number;
  /** A longer `Retry-After` is reported as an error instead. */
  readonly longestRetryAfterSeconds: number;
}

/** About ten seconds of retries for a server that makes no progress. */
export const USUAL_RETRIES: RetryPolicy = {
  retries: 4,
  firstDelayMilliseconds: 500,
  longestDelayMilliseconds: 8_000,
  longestRetryAfterSeconds: 60,
};

/** Statuses that the Hub's own client retries. */
const PASSING = [408, 429, 500, 502, 503, 504];

/** Whether a retry may succeed. */
export function mayPass(error: unknown): error is ModelUnreachableError {
  return (
    error instanceof ModelUnreachableError && (error.status === undefined || PASSING.includes(error.status))
  );
}

/** Waits before the next retry, or throws `error` if no retry is left. */
export async function pauseBeforeRetry(
  error: ModelUnreachableError,
  failures: number,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<void> {
  const wanted = (error.retryAfter ?? 0) * 1000;
  if (failures > policy.retries || wanted > policy.longestRetryAfterSeconds * 1000) throw error;
  const delay = Math.min(
    policy.firstDelayMilliseconds * 2 ** (failures - 1),
    policy.longestDelayMilliseconds,
  );
  // Randomised, so that clients that failed together do not retry together.
  await pause(Math.max(wanted, delay * (0.75 + Math.random() / 2)), signal);
}

/** Repeats `work` while its failures are temporary. */
export async function retrying<T>(
  work: () => Promise<T>,
  policy: RetryPolicy,
  signal: AbortSignal,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (!mayPass(error)) throw error;
      await pauseBeforeRetry(error, failures, policy, signal);
    }
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** `Retry-After` in seconds, given as a number or as an HTTP date. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}
