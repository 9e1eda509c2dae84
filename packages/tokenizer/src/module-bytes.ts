/** Decodes the bytes of a generated module. A loop, because `Uint8Array.from` takes milliseconds for a string. */
export function moduleBytes(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i) - 32;
  return bytes;
}
