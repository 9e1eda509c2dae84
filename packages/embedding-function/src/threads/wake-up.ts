/**
 * How long, in milliseconds, the calling thread waits with nothing to do before it encodes itself what another thread
 * has not brought back: no platform but Node says when a worker is gone.
 */
export const PATIENCE = 1000;

/** Lets one waiter wait for whatever comes first: an answer, an abort, a thread that ends, or time. */
export class WakeUp {
  #resolve: (() => void) | undefined;
  #isDue = false;

  /** Ends the wait at hand, else the next one. */
  readonly wake = (): void => {
    this.#isDue = true;
    this.#resolve?.();
  };

  /**
   * @param most - milliseconds
   * @returns whether there was a reason to wake up, and not just time that passed
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
