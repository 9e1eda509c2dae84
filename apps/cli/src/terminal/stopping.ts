import { onInterruption } from './interruption.js';

/** Work that the first interruption aborts, so that it ends in good order; the second ends the program at once. */
export class Stopping {
  readonly #controller = new AbortController();
  #by: NodeJS.Signals | undefined;

  /** @param onStop - called when the work is aborted */
  constructor(onStop?: () => void) {
    onInterruption((signal) => {
      if (this.#by !== undefined) return 'end now';
      this.#by = signal;
      this.#controller.abort(new Error(`ended by ${signal}`));
      onStop?.();
      return 'finishing';
    });
  }

  /** For the work. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** What interrupted it; absent while nothing has. */
  get by(): NodeJS.Signals | undefined {
    return this.#by;
  }

  /** The work is over: from now on an interruption ends the program. */
  end(): void {
    onInterruption(undefined);
  }
}
