import {
  MalformedModelError,
  type ModelError,
  ModelRefusedError,
  ModelUnreachableError,
  UnsupportedModelError,
} from './model-error.js';
import type { ReadContext } from './model-folder.js';

/** A server that sends nothing for so long has stalled. */
const STALL_MILLISECONDS = 30_000;

/** Most that is allocated on a server's word alone; beyond that, memory grows with what has arrived. */
const TRUSTED_BYTES = 64 << 20;
const UNKNOWN_SIZE_BYTES = 1 << 16;

/** One file to fetch. */
export interface HttpRequest {
  readonly url: URL;
  /** Its name in messages and progress. */
  readonly file: string;
  /** Sent as a Bearer token; `fetch` drops it where a redirect leaves the host. */
  readonly token?: string | undefined;
  /** Longest silence of the server. Default: 30,000. */
  readonly stallMilliseconds?: number | undefined;
  /** A closer look at a failed answer: an error that says more than the general one. */
  readonly explain?: ((response: Response) => ModelError | undefined) | undefined;
}

/** A URL for messages: without user, password, query and fragment, which may hold credentials. */
export function printable(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/**
 * Fetches a file.
 *
 * @returns its bytes, or `undefined` where the server says that there is none (404, 410)
 * @throws {@link ModelRefusedError} for 401 and 403
 * @throws {@link ModelUnreachableError} for every other failed answer, a network failure, and silence
 * @throws {@link MalformedModelError} where more or fewer bytes come than were announced
 * @throws the signal's reason where it is aborted
 */
export async function fetchFile(request: HttpRequest, context: ReadContext): Promise<Uint8Array | undefined> {
  const { url, token, explain } = request;
  const limit = request.stallMilliseconds ?? STALL_MILLISECONDS;
  const stalled = new AbortController();

  /** Waits for the network, but not longer than the limit, and gives its failures our names. */
  const awaited = async <T>(start: () => Promise<T>): Promise<T> => {
    const timer = setTimeout(() => stalled.abort(), limit);
    try {
      return await start();
    } catch (error) {
      context.signal.throwIfAborted();
      const reason = stalled.signal.aborted
        ? `it sent nothing for ${limit / 1000} s`
        : reasonOf(error, token);
      throw new ModelUnreachableError(`${printable(url)} could not be fetched: ${reason}`, undefined, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  };

  context.signal.throwIfAborted();
  const response = await awaited(() =>
    context.fetch(url, {
      ...(token !== undefined && { headers: { authorization: `Bearer ${token}` } }),
      signal: AbortSignal.any([context.signal, stalled.signal]),
    }),
  );
  if (response.ok) return readBody(response, request, awaited, context);

  // An unread body would keep the connection; that it breaks does not matter any more.
  await response.body?.cancel().catch(() => undefined);
  const explanation = explain?.(response);
  if (explanation) throw explanation;
  if (response.status === 404 || response.status === 410) return undefined;
  throw statusError(url, response.status);
}

function statusError(url: URL, status: number): ModelError {
  const answer = `${printable(url)}: the server answered HTTP ${status}`;
  if (status === 401) return new ModelRefusedError(`${answer}: it wants credentials`, status);
  if (status === 403) return new ModelRefusedError(`${answer}: it does not allow access`, status);
  if (status === 429) return new ModelUnreachableError(`${answer}: too many requests, try later`, status);
  return new ModelUnreachableError(answer, status);
}

/** What a failed `fetch` knows: a system's code such as ECONNREFUSED where there is one. */
function reasonOf(error: unknown, token: string | undefined): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return 'unknown reason';
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : '';
  const reason = `${cause.message || cause.name}${code}`;
  return token === undefined ? reason : reason.replaceAll(token, '…');
}

async function readBody(
  response: Response,
  { url, file }: HttpRequest,
  awaited: <T>(start: () => Promise<T>) => Promise<T>,
  { onProgress }: ReadContext,
): Promise<Uint8Array> {
  const totalBytes = announcedBytes(response);
  const total = totalBytes === undefined ? {} : { totalBytes };
  let bytes = new Uint8Array(Math.min(totalBytes ?? UNKNOWN_SIZE_BYTES, TRUSTED_BYTES));
  let loadedBytes = 0;
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const chunk = reader && (await awaited(() => reader.read()));
      if (chunk === undefined || chunk.done) break;
      const needed = loadedBytes + chunk.value.length;
      if (totalBytes !== undefined && needed > totalBytes) {
        throw new MalformedModelError(
          file,
          `${printable(url)} sent more than the ${totalBytes} bytes it announced`,
        );
      }
      if (needed > bytes.length) {
        bytes = grown(bytes, Math.max(needed, Math.min(2 * bytes.length, totalBytes ?? Infinity)), file);
      }
      bytes.set(chunk.value, loadedBytes);
      loadedBytes = needed;
      onProgress({ file, loadedBytes, ...total });
    }
  } finally {
    await reader?.cancel().catch(() => undefined);
  }
  if (totalBytes !== undefined && loadedBytes < totalBytes) {
    throw new MalformedModelError(
      file,
      `${printable(url)} announced ${totalBytes} bytes, but sent ${loadedBytes}`,
    );
  }
  return bytes.subarray(0, loadedBytes);
}

/**
 * The size of what will be read. A compressed body has another size than its announcement, and a browser hides from
 * a page of another origin whether it was compressed.
 */
function announcedBytes(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  const hidden = response.type === 'cors' || response.headers.has('content-encoding');
  return length === null || hidden || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
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
