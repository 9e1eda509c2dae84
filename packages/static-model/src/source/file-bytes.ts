/** A file that can be read in parts, from disk or from memory. */
export interface FileBytes {
  /** Size of the file. */
  readonly size: number;
  /** All bytes, if the file is in memory. */
  readonly whole?: Uint8Array;
  /**
   * Fills `target` with the file's bytes from `position`; several reads may run at once.
   *
   * @param isNew - whether to report these bytes as progress. @defaultValue `true`
   */
  read(target: Uint8Array, position: number, isNew?: boolean): Promise<void>;
  /** Call after all reads have finished; no read may follow. */
  close(): void;
}

/** Wraps a file in memory. */
export function fileBytesOf(whole: Uint8Array): FileBytes {
  return {
    size: whole.length,
    whole,
    read: async (target, position) => target.set(whole.subarray(position, position + target.length)),
    close: () => undefined,
  };
}

/** Reads a file again without reporting progress. Closed together with the file. */
export function readAgain(file: FileBytes): FileBytes {
  return {
    size: file.size,
    read: (target, position) => file.read(target, position, false),
    close: () => undefined,
  };
}
