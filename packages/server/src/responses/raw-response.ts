import type { EmbeddingMatrix } from '@model2vec-ts/embedding-function';
import { bytesOf } from '../vectors/base64.js';

const RAW = 'application/octet-stream';

/** Whether a request asks for raw float32 instead of JSON. */
export function wantsRaw(request: Request): boolean {
  const accept = request.headers.get('accept');
  return accept?.includes(RAW) === true;
}

/** Sends little-endian float32, row after row, with the shape in headers. */
export function rawResponse({ data, rows, dim }: EmbeddingMatrix, tokens: number): Response {
  return new Response(bytesOf(data), {
    headers: {
      'content-type': RAW,
      'x-embedding-rows': String(rows),
      'x-embedding-dim': String(dim),
      'x-embedding-tokens': String(tokens),
    },
  });
}

/** Sends JSON that is already serialised. */
export function bytesResponse(json: Uint8Array<ArrayBuffer>): Response {
  return new Response(json, { headers: { 'content-type': 'application/json' } });
}
