import { ModelError, ModelUnreachableError } from '../model-error.js';
import { causeOf, messageOf, systemCode } from '../thrown-value.js';

/** A URL for messages: without user, password, query and fragment, which may hold credentials. */
export function printable(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** How a request is sent, and how long its server may be silent. */
export interface RequestOptions {
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly redirect?: 'follow' | 'manual';
  /** Longest silence, before the answer and between its parts. */
  readonly stallMilliseconds: number;
  /** Cut out of messages that come from elsewhere. */
  readonly secret?: string | undefined;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** An answer whose body is read with a limit on silence. */
export interface HttpAnswer {
  readonly url: URL;
  readonly response: Response;
  /** The body, as it arrives. To leave the loop ends the connection. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Lets go of a body that nobody reads. */
  discard(): Promise<void>;
}

/**
 * Sends one request.
 *
 * @throws {@link ModelUnreachableError} for a network failure and for silence, also while the body is read
 * @throws the signal's reason where it is aborted
 */
export async function sendRequest(url: URL, options: RequestOptions): Promise<HttpAnswer> {
  const { signal, secret, stallMilliseconds: limit } = options;
  const stalled = new AbortController();

  /** Waits for the network, but not longer than the limit, and gives its failures our names. */
  const awaited = async <T>(start: () => Promise<T>): Promise<T> => {
    const timer = setTimeout(() => stalled.abort(), limit);
    try {
      return await start();
    } catch (error) {
      signal.throwIfAborted();
      if (ModelError.isInstance(error)) throw error;
      const reason = stalled.signal.aborted
        ? `it sent nothing for ${limit / 1000} s`
        : reasonOf(error, secret);
      throw new ModelUnreachableError(`${printable(url)} could not be fetched: ${reason}`, undefined, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  };

  signal.throwIfAborted();
  const response = await awaited(() =>
    options.fetch(url, {
      method: options.method ?? 'GET',
      redirect: options.redirect ?? 'follow',
      ...(options.headers && { headers: options.headers }),
      signal: AbortSignal.any([signal, stalled.signal]),
    }),
  );

  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const { done, value } = await awaited(() => reader.read());
        if (done) return;
        yield value;
      }
    } finally {
      // That the connection breaks does not matter any more.
      await reader.cancel().catch(() => undefined);
    }
  }
  return {
    url,
    response,
    chunks,
    discard: async () => {
      await response.body?.cancel().catch(() => undefined);
    },
  };
}

/** What a failed `fetch` knows: a system's code such as ECONNREFUSED where there is one. */
function reasonOf(error: unknown, secret: string | undefined): string {
  const cause = causeOf(error);
  const code = systemCode(cause);
  const reason = messageOf(cause) + (code === undefined ? '' : ` (${code})`);
  return secret === undefined ? reason : reason.replaceAll(secret, '…');
}

/**
 * The size of what will be read. A compressed body has another size than its announcement, and a browser hides from
 * a page of another origin whether it was compressed.
 */
export function announcedBytes(response: Response): number | undefined {
  const length = response.headers.get('content-length');
  const hidden = response.type === 'cors' || response.headers.has('content-encoding');
  return length === null || hidden || !/^\d{1,15}$/.test(length) ? undefined : Number(length);
}
