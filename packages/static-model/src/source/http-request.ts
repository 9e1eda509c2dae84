import { joinSignals } from '../abort.js';
import { ModelError } from '../model-error.js';
import type { ModelAdvice } from '../remedy.js';
import { ModelUnreachableError } from '../server-error.js';
import { causeOf, messageOf, systemCode } from '../thrown-value.js';
import { untilAborted } from './until-aborted.js';

/** Slowest accepted rate of a body, averaged over the stall timeout; without it, a slow body could take forever. */
export const MIN_BYTES_PER_SECOND = 1000;

/** Formats a URL for messages, without user, password, query and fragment, which may contain credentials. */
export function printable(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** How a request is sent, and how slow its server may be. */
export interface RequestOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly redirect?: 'follow' | 'manual';
  /**
   * Longest silence in milliseconds, before the answer and between parts of the body. Over this time the body must also
   * arrive at {@link MIN_BYTES_PER_SECOND} or faster.
   */
  readonly stallTimeout: number;
  /** Removed from the platform's messages. */
  readonly secret?: string | undefined;
  /** What the caller can do if the server cannot be reached. */
  readonly advice?: ModelAdvice | undefined;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** An answer whose body must be read with {@link HttpAnswer.chunks} or discarded. */
export interface HttpAnswer {
  readonly url: URL;
  readonly response: Response;
  /** Yields the body as it arrives. Leaving the loop closes the connection. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Closes the connection without reading the body. */
  discard(): void;
}

/**
 * Sends one request. Every platform promise is raced against the signal and the stall timeout, so each call settles
 * whatever platform and server do.
 *
 * @throws {@link ModelUnreachableError} if the network fails or the server is too slow, also while the body is read
 * @throws the signal's reason if it is aborted
 */
export async function sendRequest(url: URL, options: RequestOptions): Promise<HttpAnswer> {
  const { signal, stallTimeout } = options;
  const request = joinSignals(signal);

  const close = (): void => {
    request.release();
    request.abort();
  };
  const unreachable = (reason: string, cause?: unknown): ModelUnreachableError =>
    new ModelUnreachableError(`${printable(url)} could not be fetched: ${reason}`, undefined, {
      cause,
      // A server that was reached but is slow needs other advice.
      ...(cause !== undefined && options.advice),
    });

  /** Waits for the network, and turns its failures into errors of this package. */
  const network = async <T>(work: () => Promise<T>): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stalled = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(unreachable(`the server sent nothing for ${stallTimeout / 1000} s`)),
        stallTimeout,
      );
    });
    try {
      return await untilAborted(signal, () => Promise.race([work(), stalled]));
    } catch (error) {
      close();
      signal.throwIfAborted();
      if (ModelError.isInstance(error)) throw error;
      throw unreachable(reasonOf(error, options.secret), error);
    } finally {
      clearTimeout(timer);
    }
  };

  const response = await network(() =>
    options.fetch(url, {
      method: options.method ?? 'GET',
      redirect: options.redirect ?? 'follow',
      ...(options.headers && { headers: options.headers }),
      signal: request.signal,
    }),
  );

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    // Only waiting counts, because a slow disk is not the server's fault.
    let waited = 0;
    let received = 0;
    try {
      while (reader !== undefined) {
        const start = Date.now();
        const { done, value } = await network(() => reader.read());
        if (done) return;
        waited += Date.now() - start;
        received += value.length;
        if (waited >= stallTimeout) {
          if (received < (waited / 1000) * MIN_BYTES_PER_SECOND) {
            throw unreachable(
              `only ${received} bytes arrived in ${Math.round(waited / 1000)} s, less than ${MIN_BYTES_PER_SECOND} per second`,
            );
          }
          waited = 0;
          received = 0;
        }
        yield value;
      }
    } finally {
      // A `fetch` that ignores its signal ends here; how the connection ends does not matter.
      reader?.cancel().catch(() => undefined);
      close();
    }
  }
  const discard = (): void => {
    response.body?.cancel().catch(() => undefined);
    close();
  };
  return { url, response, chunks, discard };
}

/** Reason of a failed `fetch`, with the system's code, such as ECONNREFUSED, unless the message contains it. */
function reasonOf(error: unknown, secret: string | undefined): string {
  const cause = causeOf(error);
  const code = systemCode(cause);
  const message = messageOf(cause);
  const reason = code === undefined || message.includes(code) ? message : `${message} (${code})`;
  return secret === undefined ? reason : reason.replaceAll(secret, '…');
}

/**
 * Size of the body, if known. The decompressed size differs from `Content-Length`, and browsers hide from cross-origin
 * pages whether a body was compressed.
 */
export function announcedBytes(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  const hidden = response.type === 'cors' || response.headers.has('content-encoding');
  return length === null || hidden || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
}
