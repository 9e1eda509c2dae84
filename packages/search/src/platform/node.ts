import { createHash } from 'node:crypto';

/** Ids for texts without one: the first 16 bytes of each text's SHA-256 in hexadecimal, as in Milvus. */
export function contentIds(texts: readonly string[]): Promise<readonly string[]> {
  return Promise.resolve(
    texts.map((text) => createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32)),
  );
}
