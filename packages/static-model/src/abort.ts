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
