import { ModelUnreachableError } from '../model-error.js';

/** How often and how soon a failed request is sent again. */
export interface RetryPolicy {
  /** Tries in a row that bring nothing new, after the first one. */
  readonly retries: number;
  /** Pause before the first of them; each following one is twice as long. */
  readonly firstDelayMilliseconds: number;
  readonly longestDelayMilliseconds: number;
  /** A server that wants to be left alone for longer ends the matter. */
  readonly longestRetryAfterSeconds: number;
}

/** About ten seconds of trying where a server answers nothing useful. */
export const USUAL_RETRIES: RetryPolicy = {
  retries: 4,
  firstDelayMilliseconds: 500,
  longestDelayMilliseconds: 8_000,
  longestRetryAfterSeconds: 60,
};

/** The statuses that the Hub's own client takes for passing. */
const PASSING = [408, 429, 500, 502, 503, 504];

/** Whether a failure may be gone a moment later. */
export function mayPass(error: unknown): error is ModelUnreachableError {
  return (
    error instanceof ModelUnreachableError && (error.status === undefined || PASSING.includes(error.status))
  );
}

/** Waits before try number `failures` + 1, or throws `error` where there is to be none. */
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
  // Spread, so that clients that failed together do not come back together.
  await pause(Math.max(wanted, delay * (0.75 + Math.random() / 2)), signal);
}

/** Does `work` again while it fails in a way that may pass. */
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

/** `Retry-After` in seconds: a number, or a date of HTTP. */
export function retryAfterSeconds(headers: Headers): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}
