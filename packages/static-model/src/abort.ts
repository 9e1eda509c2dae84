/** Signals joined into one. */
export interface JoinedSignal {
  readonly signal: AbortSignal;
  /** Aborts the joined signal alone. */
  abort(reason?: unknown): void;
  /** Stops listening to the original signals. */
  release(): void;
}

/** Joins signals as `AbortSignal.any` does, which some edge runtimes lack, and adds an abort of its own. */
export function joinSignals(...signals: readonly (AbortSignal | null | undefined)[]): JoinedSignal {
  const controller = new AbortController();
  const followed: (() => void)[] = [];
  for (const signal of signals) {
    if (signal === undefined || signal === null) continue;
    const follow = (): void => controller.abort(signal.reason);
    if (signal.aborted) follow();
    else signal.addEventListener('abort', follow, { once: true });
    followed.push(() => signal.removeEventListener('abort', follow));
  }
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    release: () => {
      for (const unfollow of followed) unfollow();
    },
  };
}

/**
 * Settles as the work does, or rejects with the signal's reason as soon as it is aborted. Platforms do not settle every
 * promise of a request that is aborted: Node's `fetch` leaves a read pending if the abort meets the body's last byte.
 */
export async function untilAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = (): void => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
