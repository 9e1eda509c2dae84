/**
 * A loaded table for one more thread. `postMessage` sends it without copying the table, which lies in shared memory;
 * `loadSharedTable` makes a kernel from it on the other thread.
 */
export interface SharedTable {
  /** Name of the kernel. */
  readonly kernel: string;
  /**
   * URL of the ES module that has the kernel as its default export: the other thread imports it. Left out by built-in
   * kernels.
   */
  readonly module?: string;
  /** Passed to the kernel's `loadShared` on the other thread: anything that `postMessage` can send. */
  readonly data: unknown;
}
