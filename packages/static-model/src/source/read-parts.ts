import type { FileBytes } from './file-bytes.js';

/** A range of a file, and the size of the parts to read it in. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly partBytes: number;
}

/**
 * Reads a range of a file part by part. If the platform has threads, the next part is read while the current one is
 * processed.
 *
 * @param memoryOf - returns the buffer of a part; part `n + 2` may reuse that of part `n`
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
    // It can fail before earlier parts are processed; it is awaited after them.
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
    // Pending reads would write to released memory, from a closed file.
    await Promise.allSettled(reads);
  }
}
