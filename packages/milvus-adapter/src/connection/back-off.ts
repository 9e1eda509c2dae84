import { abortedError, type MilvusError } from '../milvus-error.js';

/** How a failed request is retried. */
export interface RetryOptions {
  /**
   * Milliseconds after the first failure during which a request is retried, long enough for a server to restart.
   *
   * @defaultValue 60 000
   */
  readonly retryFor?: number;
  /** Ends the waiting. */
  readonly signal?: AbortSignal;
}

const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 3000;

/** Runs `attempt` until it succeeds, fails with an error that retrying does not help, or `retryFor` is over. */
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
      // Half of the pause is random, so that the clients of a restarted server do not all return at once.
      const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** failures) * (0.5 + Math.random() / 2);
      await pauseFor(Math.min(pause, Math.max(1, giveUpAt - Date.now())), signal);
    }
  }
}

/** Resolves after some milliseconds; rejects with an `aborted` {@link MilvusError} if the signal is aborted first. */
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
