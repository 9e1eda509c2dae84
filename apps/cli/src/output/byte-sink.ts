/** Where bytes go. Each call ends when more may come, so that no queue grows. */
export interface ByteSink {
  write(bytes: Uint8Array): Promise<void>;
  /** Overwrites what was written at a position; absent where what is written is gone. */
  patch?(bytes: Uint8Array, position: number): Promise<void>;
  /** Says that everything has been written. */
  close(): Promise<void>;
  /** Takes back what can be taken back, after a failure. */
  discard(): Promise<void>;
}
