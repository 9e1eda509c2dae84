interface NodeBuffer {
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
}

const { Buffer } = globalThis as { readonly Buffer?: NodeBuffer };
/** Arguments that `String.fromCharCode` accepts at once in every engine. */
const CHUNK = 8192;

/** Base64 of the little-endian float32 values, as OpenAI's `encoding_format: base64`. */
export function base64Of(values: Float32Array): string {
  if (Buffer !== undefined) {
    return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
  }
  const bytes = bytesOf(values);
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** The bytes of float32 values: little-endian, like every platform that runs JavaScript. */
export function bytesOf(values: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
}
