import {
  MalformedModelError,
  type ModelError,
  ModelNotFoundError,
  ModelRefusedError,
  ModelUnreachableError,
} from '../model-error.js';
import { type HttpAnswer, printable, sendRequest } from '../source/http-request.js';
import { type RetryPolicy, retryAfterSeconds } from './retry.js';

/** The reference's client gives up after as many. */
const MAX_REDIRECTS = 10;

/** Everything that requests about one model have in common. */
export interface HubConnection {
  readonly id: string;
  readonly revision: string;
  readonly endpoint: URL;
  readonly token?: string | undefined;
  /** Where the token comes from, for advice; `undefined` where it was passed. */
  readonly tokenSource?: string | undefined;
  /** `manual` where `fetch` shows redirects, which a browser hides. */
  readonly redirect: 'follow' | 'manual';
  /** Longest silence while the Hub is asked about a model. */
  readonly metadataMilliseconds: number;
  /** Longest silence while a file is fetched. */
  readonly downloadMilliseconds: number;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** An answer, and the headers that the Hub itself sent before it led elsewhere, where `fetch` shows them. */
export interface HubAnswer extends HttpAnswer {
  readonly hubHeaders: Headers | undefined;
}

/** The model with its revision, for messages. */
export function nameOf({ id, revision }: Pick<HubConnection, 'id' | 'revision'>): string {
  return revision === 'main' ? id : `${id}@${revision}`;
}

/** An address below the endpoint, which may have a path of its own. */
export function hubUrl(endpoint: URL, path: string): URL {
  const url = new URL(endpoint);
  url.pathname = `${endpoint.pathname.replace(/\/$/, '')}/${path}`;
  url.search = '';
  url.hash = '';
  return url;
}

/** Address of a file of a model at a commit. */
export function fileUrl({ endpoint, id }: HubConnection, commit: string, file: string): URL {
  const path = file.split('/').map(encodeURIComponent).join('/');
  return hubUrl(endpoint, `${id}/resolve/${encodeURIComponent(commit)}/${path}`);
}

/**
 * Sends one request and follows where it leads. The token goes to the endpoint alone.
 *
 * @returns an answer of 200 or 206, or one that `accepted` names
 * @throws {@link ModelError} for every other answer
 */
export async function askHub(
  connection: HubConnection,
  start: URL,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly stallMilliseconds: number;
    readonly accepted?: readonly number[];
  },
): Promise<HubAnswer> {
  const { endpoint, token } = connection;
  let url = start;
  let hubHeaders: Headers | undefined;
  let status: number | undefined;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const atHub = url.origin === endpoint.origin;
    const answer = await sendRequest(url, {
      headers: {
        ...options.headers,
        ...(atHub && token !== undefined && { authorization: `Bearer ${token}` }),
      },
      redirect: connection.redirect,
      stallMilliseconds: options.stallMilliseconds,
      secret: token,
      signal: connection.signal,
      fetch: connection.fetch,
    });
    const { response } = answer;
    status = response.status;
    // Redirects that `fetch` followed by itself end in headers of whoever has the file.
    if (atHub && !response.redirected) hubHeaders = response.headers;
    if (response.ok || options.accepted?.includes(response.status)) {
      return { ...answer, hubHeaders };
    }
    // An unread body would keep the connection.
    await answer.discard();
    if (![301, 302, 303, 307, 308].includes(response.status)) throw failureOf(connection, url, response);
    url = redirectTarget(url, response);
  }
  throw new ModelUnreachableError(
    `${printable(start)}: more than ${MAX_REDIRECTS} redirects in a row`,
    status,
  );
}

function redirectTarget(url: URL, response: Response): URL {
  const location = response.headers.get('location');
  const { status } = response;
  if (location === null || !URL.canParse(location, url)) {
    throw new ModelUnreachableError(`${printable(url)}: HTTP ${status} leads to no address`, status);
  }
  const target = new URL(location, url);
  const kept = target.protocol === 'https:' || target.protocol === url.protocol;
  if (kept && target.username === '' && target.password === '') return target;
  throw new ModelUnreachableError(
    `${printable(url)}: HTTP ${status} leads to ${target.protocol}//${target.host}, which is not as safe an address; nothing is fetched from there`,
    status,
  );
}

/** What a failed answer of the Hub means. */
function failureOf(connection: HubConnection, url: URL, response: Response): ModelError {
  const { id, revision } = connection;
  const { status } = response;
  const tokenState = connection.token === undefined ? 'missing' : 'given';
  const code = response.headers.get('x-error-code');
  if (code === 'RevisionNotFound') {
    return new ModelNotFoundError(`${id}: the Hub has no revision "${revision}" of this model`, [
      nameOf(connection),
    ]);
  }
  if (code === 'GatedRepo') {
    return new ModelRefusedError(`${id} is gated`, status, {
      remedy: { code: 'accept-terms', page: printable(hubUrl(connection.endpoint, id)), token: tokenState },
    });
  }
  // The Hub's own pages answer 401 for a name that nobody has, so that private models stay private.
  if ((status === 401 || status === 403) && url.origin === connection.endpoint.origin) {
    return new ModelRefusedError(
      `${id}: the Hub answered HTTP ${status}: the model is private or does not exist, and no folder has that name`,
      status,
      { remedy: { code: 'check-access', token: tokenState, tokenSource: connection.tokenSource } },
    );
  }
  if (code === 'RepoNotFound') {
    return new ModelNotFoundError(`${id}: the Hub has no such model, and no folder has that name`, [id]);
  }
  if (status === 404) {
    return new ModelNotFoundError(`${id}: there is nothing at ${printable(url)} (HTTP 404)`, [
      printable(url),
    ]);
  }
  const answer = `${printable(url)}: the server answered HTTP ${status}`;
  if (status === 401 || status === 403) {
    return new ModelRefusedError(`${answer}: it refuses access`, status);
  }
  const retryAfter = retryAfterSeconds(response.headers);
  if (status !== 429) return new ModelUnreachableError(answer, status, { retryAfter });
  return new ModelUnreachableError(`${answer}: too many requests`, status, {
    retryAfter,
    remedy: { code: 'retry', seconds: retryAfter && Math.ceil(retryAfter) },
  });
}

/** Most that is read of an answer in JSON: a page of a listing has a thousand entries at most. */
const MAX_JSON_BYTES = 16 << 20;

/** Reads an answer as JSON. */
export async function jsonOf(answer: HttpAnswer): Promise<unknown> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of answer.chunks()) {
    bytes += chunk.length;
    if (bytes > MAX_JSON_BYTES) {
      throw new MalformedModelError(
        printable(answer.url),
        `answers with more than ${MAX_JSON_BYTES} bytes of JSON`,
      );
    }
    text += decoder.decode(chunk, { stream: true });
  }
  text += decoder.decode();
  try {
    return JSON.parse(text);
  } catch (error) {
    const found = /^\s*</.test(text) ? 'an HTML page' : 'something other than JSON';
    throw new MalformedModelError(
      printable(answer.url),
      `answers with ${found}, so it is not a Hub, or a firewall answers instead`,
      { cause: error, remedy: { code: 'check-endpoint' } },
    );
  }
}
