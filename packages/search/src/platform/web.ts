/** Ids for texts without one: the first 16 bytes of each text's SHA-256 in hexadecimal, as in Milvus. */
export function contentIds(texts: readonly string[]): Promise<readonly string[]> {
  const encoder = new TextEncoder();
  return Promise.all(
    texts.map(async (text) => {
      const digest = await crypto.subtle.digest('SHA-256', encoder.encode(text));
      return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
    }),
  );
}
