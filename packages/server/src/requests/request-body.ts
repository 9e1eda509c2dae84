import { RequestError } from './request-error.js';

/** A body that is a JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/**
 * Reads a body of at most `limit` bytes as a JSON object. Its content type does not matter, because Weaviate sends none.
 *
 * @throws {@link RequestError} `body-too-large`, before more than `limit` bytes are in memory; `malformed-body`
 */
export async function readJsonObject(request: Request, limit: number): Promise<JsonObject> {
  const encoding = request.headers.get('content-encoding');
  if (encoding !== null && encoding !== 'identity') {
    throw new RequestError(
      'unsupported-encoding',
      `send the body uncompressed; found content-encoding ${encoding}`,
    );
  }
  const text = await readText(request, limit);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message would quote the text.
    throw new RequestError(
      'malformed-body',
      text === '' ? 'the body is empty; send JSON' : 'the body is not JSON',
    );
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError('malformed-body', 'the body must be a JSON object');
  }
  return value as JsonObject;
}

async function readText(request: Request, limit: number): Promise<string> {
  const length = request.headers.get('content-length');
  if (length !== null) {
    if (Number(length) > limit) throw tooLarge(limit);
    try {
      // The connection delivers exactly the announced bytes, so they need not be counted.
      return await request.text();
    } catch (cause) {
      throw new RequestError('malformed-body', 'the body ended early', { cause });
    }
  }
  return request.body === null ? '' : readStream(request.body, limit);
}

async function readStream(body: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.length;
      if (bytes > limit) throw tooLarge(limit);
      text += decoder.decode(value, { stream: true });
    }
  } catch (cause) {
    reader.cancel().catch(() => undefined);
    if (cause instanceof RequestError) throw cause;
    throw new RequestError('malformed-body', 'the body ended early', { cause });
  }
}

function tooLarge(limit: number): RequestError {
  return new RequestError(
    'body-too-large',
    `the body must have at most ${limit} bytes; send fewer texts per request`,
  );
}
