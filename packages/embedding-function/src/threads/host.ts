/** What a platform has to offer to threads. */
export interface ThreadHost {
  /** Threads that can run at one time. */
  cores(): number;
  /** Why there cannot be several threads; `undefined` where there can. */
  missing(): string | undefined;
}
