/** A file whose bytes can be had in parts: on disk, or in memory already. */
export interface FileBytes {
  /** Size of the file. */
  readonly size: number;
  /** All bytes, where they are in memory. */
  readonly whole?: Uint8Array;
  /**
   * Fills memory with what the file holds from `position` on; several reads may be under way.
   *
   * @param isNew - whether progress is told of these bytes. Default: `true`
   */
  read(target: Uint8Array, position: number, isNew?: boolean): Promise<void>;
  /** No read may be under way, and none may follow. */
  close(): void;
}

/** A file that is in memory. */
export function fileBytesOf(whole: Uint8Array): FileBytes {
  return {
    size: whole.length,
    whole,
    read: async (target, position) => target.set(whole.subarray(position, position + target.length)),
    close: () => undefined,
  };
}

/** A file that is read once more, of which no progress is told. It is closed with the file. */
export function readAgain(file: FileBytes): FileBytes {
  return {
    size: file.size,
    read: (target, position) => file.read(target, position, false),
    close: () => undefined,
  };
}
