import { abortedError, type MilvusError } from '../milvus-error.js';

/** How often and how long a failed request is sent again. */
export interface RetryOptions {
  /**
   * Milliseconds after the first failure during which a request is tried again, so that a restarting server is
   * waited for.
   *
   * @defaultValue 60 000
   */
  readonly retryFor?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 3000;

/** Runs `attempt` until it succeeds, fails for good, or `retryFor` has passed since its first failure. */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  isRetriable: (error: unknown) => boolean,
  { retryFor = 60_000, signal }: RetryOptions,
): Promise<T> {
  let giveUpAt: number | undefined;
  for (let failures = 0; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      giveUpAt ??= Date.now() + retryFor;
      if (!isRetriable(error) || Date.now() >= giveUpAt) throw error;
      // Half fixed, half drawn, so that many clients of a server that comes back do not all come at once.
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.5 + Math.random() / 2);
      await pauseFor(Math.min(pause, Math.max(1, giveUpAt - Date.now())), signal);
    }
  }
}

/** Resolves after some milliseconds; rejects with an `aborted` {@link MilvusError} when the signal comes first. */
export function pauseFor(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      settle();
    };
    const abort = (): void =>
      end(() => reject(abortedError(signal!, 'waiting for the server') satisfies MilvusError));
    const timer = setTimeout(() => end(resolve), milliseconds);
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}
