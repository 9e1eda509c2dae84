import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ContentHash } from '../hub-listing.js';

const READ_BYTES = 1 << 20;

/** Creates a hash for the content of a file of `size` bytes. */
export function createContentHash(algorithm: ContentHash['algorithm'], size: number): Hash {
  return algorithm === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
}

/** Hashes a file on disk in pieces. */
export async function hashOfFile(
  path: string,
  algorithm: ContentHash['algorithm'],
  signal?: AbortSignal,
): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const hash = createContentHash(algorithm, (await handle.stat()).size);
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}
