import type { FileBytes } from './file-bytes.js';

/** What is read of a file, and how much of it at a time. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly partBytes: number;
}

/**
 * Reads a stretch of a file part after part. The next part arrives on another thread, where the platform has them, while
 * one is worked on.
 *
 * @param memoryOf - where a part goes, with room for all of it. Part `n + 2` may have the memory of part `n`.
 */
export async function readParts(
  bytes: FileBytes,
  { start, end, partBytes }: Stretch,
  memoryOf: (part: number) => Uint8Array,
  work: (read: Uint8Array, part: number) => void,
): Promise<void> {
  const reads: Promise<Uint8Array>[] = [];
  const begin = (part: number): void => {
    const position = start + part * partBytes;
    if (position >= end) return;
    const memory = memoryOf(part).subarray(0, end - position);
    const reading = bytes.read(memory, position).then(() => memory);
    // It can fail before those ahead of it are through, and is looked at after them.
    reading.catch(() => undefined);
    reads.push(reading);
  };
  try {
    begin(0);
    for (let part = 0; part < reads.length; part++) {
      begin(part + 1);
      work(await reads[part]!, part);
    }
  } finally {
    // What still comes would be written to memory that has been given up, from a file that is closed.
    await Promise.allSettled(reads);
  }
}
