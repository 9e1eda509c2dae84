/**
 * Lets another thread map the pages of new memory ahead of the writer.
 *
 * A large array is only reserved at first; each page is mapped on its first write, at about 2 µs per 4 KiB, while the
 * writer waits. For short texts that is a third of the total time.
 */
export interface Prefault {
  /**
   * Whether elements before `end` may be written; `end` must not decrease. Waits until they may, but not for long:
   * `false` means that nothing may be written any more, because something else keeps the thread.
   */
  reach(end: number): Promise<boolean>;
  /** Stops reading. Must be called in the end. */
  stop(): void;
}

/**
 * @param memory - new, not written yet
 * @returns `undefined` if it would not help
 */
export type StartPrefault = (memory: Float32Array) => Prefault | undefined;
