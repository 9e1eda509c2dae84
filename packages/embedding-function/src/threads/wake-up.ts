/**
 * Milliseconds that an idle calling thread waits before it encodes another thread's batch itself. Needed because only
 * Node reports that a worker has ended.
 */
export const PATIENCE = 1000;

/** Lets one waiter wait for the first of an answer, an abort, the end of a thread, or a timeout. */
export class WakeUp {
  #resolve: (() => void) | undefined;
  #isDue = false;

  /** Ends the current wait, or else the next one. */
  readonly wake = (): void => {
    this.#isDue = true;
    this.#resolve?.();
  };

  /**
   * @param most - milliseconds
   * @returns whether it was woken, rather than timed out
   */
  async wait(most: number): Promise<boolean> {
    if (!this.#isDue) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      await new Promise<void>((resolve) => {
        this.#resolve = resolve;
        timer = setTimeout(resolve, most);
      });
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    const wasDue = this.#isDue;
    this.#isDue = false;
    return wasDue;
  }
}
