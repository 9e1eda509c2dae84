/** Makes waits interruptible, for promises that may never settle. One wait at a time. */
export class Interruption {
  #reason: { readonly error: Error } | undefined;
  #giveUp: ((error: Error) => void) | undefined;

  /** Rejects the current wait and all later ones. The first reason is kept. */
  interrupt(error: Error): void {
    this.#reason ??= { error };
    this.#giveUp?.(this.#reason.error);
  }

  /** Throws the reason, if there is one. */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason.error;
  }

  /** Settles like `promise`, or rejects with the reason of the interruption if that comes first. */
  wait<T>(promise: PromiseLike<T>): Promise<T> {
    // Not Promise.race: each call would leave a reaction on a promise that lives as long as the ingest.
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject;
      promise.then(resolve, reject);
      if (this.#reason !== undefined) reject(this.#reason.error);
    });
  }
}
