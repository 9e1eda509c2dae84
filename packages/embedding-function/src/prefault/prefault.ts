/**
 * Has the system give new memory its pages on another thread, ahead of the one that writes it.
 *
 * A large array has addresses only: each of its pages comes from the system when it is first written, at about 2 µs for
 * 4 KiB, and the writer waits for it. That is a third of the time that short texts take.
 */
export interface Prefault {
  /**
   * Whether elements before `end` may be written, those from the first on in order. Waits until they may, but not for
   * long: `false` says that nothing at all may be written any more, as the thread is kept by something else.
   */
  reach(end: number): Promise<boolean>;
  /** Leaves the rest as it is. Must be called in the end. */
  stop(): void;
}

/**
 * @param memory - new, and not written yet
 * @returns `undefined` where it would be of no use
 */
export type StartPrefault = (memory: Float32Array) => Prefault | undefined;
