import { createSha256 } from '../../sha-256.js';
import type { ContentHash } from '../hub-listing.js';

/** Hash of a file's content in hexadecimal; `undefined` if the platform has no SHA-1. */
export async function contentHashOf(
  bytes: Uint8Array<ArrayBuffer>,
  algorithm: ContentHash['algorithm'],
): Promise<string | undefined> {
  // Insecure pages have no `subtle`.
  const subtle = globalThis.crypto?.subtle as SubtleCrypto | undefined;
  if (algorithm === 'git-sha1') {
    const object = new Blob([`blob ${bytes.length}\0`, bytes]);
    return subtle && hex(await subtle.digest('SHA-1', await object.arrayBuffer()));
  }
  if (subtle) return hex(await subtle.digest('SHA-256', bytes));
  const hash = createSha256();
  hash.update(bytes);
  return hash.digestHex();
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
