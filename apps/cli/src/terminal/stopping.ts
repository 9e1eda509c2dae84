import { onInterruption } from './interruption.js';

/** Aborts work at the first signal, so that it can clean up; the second signal ends the program at once. */
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

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The signal that aborted the work. */
  get by(): NodeJS.Signals | undefined {
    return this.#by;
  }

  /** Call when the work is over: from then on the first signal ends the program. */
  end(): void {
    onInterruption(undefined);
  }
}
