/** Waiting that can be given up, for what may never come. One wait at a time. */
export class Interruption {
  #reason: { readonly error: Error } | undefined;
  #giveUp: ((error: Error) => void) | undefined;

  /** Rejects the wait that is under way, and all later ones. The first reason counts. */
  interrupt(error: Error): void {
    this.#reason ??= { error };
    this.#giveUp?.(this.#reason.error);
  }

  /** Throws the reason, if there is one. */
  check(): void {
    if (this.#reason !== undefined) throw this.#reason.error;
  }

  /** Settles as `promise` does, or rejects with the reason of the interruption if that comes first. */
  wait<T>(promise: PromiseLike<T>): Promise<T> {
    // Not Promise.race: on a promise that lives as long as the ingest, each call would leave a reaction behind.
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject;
      promise.then(resolve, reject);
      if (this.#reason !== undefined) reject(this.#reason.error);
    });
  }
}
