/** A destination of bytes. Each call resolves when the next may follow, so that no queue grows. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Overwrites bytes at a position; absent if written bytes cannot be reached. */
  patch?(bytes: Uint8Array, position: number): Promise<void>;
  /** Completes the output. */
  close(): Promise<void>;
  /** Undoes the output as far as possible, after a failure. */
  discard(): Promise<void>;
}
