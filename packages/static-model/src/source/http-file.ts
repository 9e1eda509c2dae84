import { MalformedModelError, type ModelError, UnsupportedModelError } from '../model-error.js';
import { ModelRefusedError, ModelUnreachableError } from '../server-error.js';
import { announcedBytes, type HttpAnswer, printable, sendRequest } from './http-request.js';
import type { ReadContext } from './model-folder.js';
import { retry, useOtherSource } from './source-remedies.js';

/** Milliseconds of silence after which a server has stalled. */
export const STALL_TIMEOUT = 30_000;

/** Most that is allocated because a server announced it; beyond that, memory grows with the received bytes. */
const TRUSTED_BYTES = 64 << 20;
const UNKNOWN_SIZE_BYTES = 1 << 16;

/** One file to fetch. */
export interface HttpRequest {
  readonly url: URL;
  /** Name for messages and progress. */
  readonly file: string;
  /** Further headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as a Bearer token; `fetch` drops it if a redirect changes the host. */
  readonly token?: string | undefined;
  /** Returns a more specific error for a failed answer. */
  readonly explain?: ((response: Response) => ModelError | undefined) | undefined;
}

/**
 * Fetches a file.
 *
 * @returns its bytes, or `undefined` if the server reports it missing (404, 410)
 * @throws {@link ModelRefusedError} for 401 and 403
 * @throws {@link ModelUnreachableError} for every other failed answer, a network failure, and silence
 * @throws {@link MalformedModelError} if the server sends more or fewer bytes than it announced
 * @throws the signal's reason if it is aborted
 */
export async function fetchFile(request: HttpRequest, context: ReadContext): Promise<Uint8Array | undefined> {
  const { url, token, explain, headers } = request;
  const answer = await sendRequest(url, {
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    stallTimeout: context.stallTimeout ?? STALL_TIMEOUT,
    secret: token,
    ...(!/^https?:$/.test(url.protocol) && { advice: useOtherSource() }),
    signal: context.signal,
    fetch: context.fetch ?? globalThis.fetch.bind(globalThis),
  });
  const { response } = answer;
  // Schemes without HTTP's status codes, such as those of a WebView, may have none.
  if (response.ok || response.status === 0) return readBody(answer, request, context);

  answer.discard();
  const explanation = explain?.(response);
  if (explanation) throw explanation;
  if (response.status === 404 || response.status === 410) return undefined;
  throw failedAnswer(url, response.status);
}

/** The error for an answer that is neither a file nor its absence. */
export function failedAnswer(url: URL, status: number): ModelError {
  const answer = `${printable(url)}: the server answered HTTP ${status}`;
  if (status === 401) return new ModelRefusedError(`${answer}: it requires credentials`, status);
  if (status === 403) return new ModelRefusedError(`${answer}: it refuses access`, status);
  if (status === 429) {
    return new ModelUnreachableError(`${answer}: too many requests`, status, retry());
  }
  return new ModelUnreachableError(answer, status);
}

async function readBody(
  answer: HttpAnswer,
  { url, file }: HttpRequest,
  { onProgress }: ReadContext,
): Promise<Uint8Array> {
  const totalBytes = announcedBytes(answer.response);
  const total = totalBytes === undefined ? {} : { totalBytes };
  let bytes = new Uint8Array(Math.min(totalBytes ?? UNKNOWN_SIZE_BYTES, TRUSTED_BYTES));
  let loadedBytes = 0;
  for await (const chunk of answer.chunks()) {
    const needed = loadedBytes + chunk.length;
    if (totalBytes !== undefined && needed > totalBytes) {
      throw new MalformedModelError(
        file,
        `${printable(url)} sent more than the ${totalBytes} bytes it announced`,
      );
    }
    if (needed > bytes.length) {
      bytes = grown(bytes, Math.max(needed, Math.min(2 * bytes.length, totalBytes ?? Infinity)), file);
    }
    bytes.set(chunk, loadedBytes);
    loadedBytes = needed;
    onProgress({ from: 'network', file, loadedBytes, ...total });
  }
  if (totalBytes !== undefined && loadedBytes < totalBytes) {
    throw new MalformedModelError(
      file,
      `${printable(url)} announced ${totalBytes} bytes, but sent ${loadedBytes}`,
    );
  }
  return bytes.subarray(0, loadedBytes);
}

function grown(bytes: Uint8Array, size: number, file: string): Uint8Array<ArrayBuffer> {
  try {
    const larger = new Uint8Array(size);
    larger.set(bytes);
    return larger;
  } catch (error) {
    throw new UnsupportedModelError(
      `${file} has ${size} bytes or more, which cannot be held in memory here`,
      {
        cause: error,
      },
    );
  }
}
