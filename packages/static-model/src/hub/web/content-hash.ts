import { createSha256 } from '../../sha-256.js';
import type { ContentHash } from '../hub-listing.js';

/** The hash of a file's content in hexadecimal; `undefined` where the platform has no SHA-1 to offer. */
export async function contentHashOf(
  bytes: Uint8Array<ArrayBuffer>,
  algorithm: ContentHash['algorithm'],
): Promise<string | undefined> {
  // A page that is not secure has no `subtle`.
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
