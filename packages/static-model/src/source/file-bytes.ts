import type { TableRanges } from '../table/embedding-table.js';
import type { TableParts } from '../table/table-parts.js';

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
  /** Holds the file open for synchronous reads, after {@link FileBytes.close} too; absent if that is impossible. */
  hold?(): HeldFile;
  /** Opens the rows of a table for reads after {@link FileBytes.close}; absent if the file is not on a server that sends ranges. */
  openRanges?(parts: TableParts): TableRanges;
  /** Call after all reads have finished; no read may follow. */
  close(): void;
}

/** A file that stays open. It is closed on garbage collection if it was forgotten. */
export interface HeldFile {
  /** Fills `target` with the file's bytes from `position`. */
  read(target: Uint8Array, position: number): void;
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
