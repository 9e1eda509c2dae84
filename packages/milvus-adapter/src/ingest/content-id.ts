import { createHash } from 'node:crypto';

/**
 * The id of a text without one: the first 16 bytes of its SHA-256 in hexadecimal. It depends only on the text, so a
 * repeated ingest replaces rows and adds none, even with changed fields.
 *
 * @example
 * ```ts
 * import { contentId } from '@model2vec-ts/milvus-adapter';
 *
 * console.log(contentId('hello')); // 2cf24dba5fb0a30e26e83b2ac5b9e29e
 * ```
 */
export function contentId(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 32);
}
