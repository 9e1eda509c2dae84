import { jsonProblem } from '../json.js';
import { MalformedModelError, type ModelError, ModelNotFoundError } from '../model-error.js';
import { ModelRefusedError, ModelUnreachableError } from '../server-error.js';
import { type HttpAnswer, printable, sendRequest } from '../source/http-request.js';
import { retry } from '../source/source-remedies.js';
import { acceptTerms, checkAccess, checkEndpoint, useLocalModel } from './hub-remedies.js';
import { type RetryPolicy, retryAfterSeconds } from './retry.js';

/** The same limit as the reference's client. */
const MAX_REDIRECTS = 10;

/** What all requests about one model share. */
export interface HubConnection {
  readonly id: string;
  readonly revision: string;
  readonly endpoint: URL;
  readonly token?: string | undefined;
  /** Variable or file that the token comes from; `undefined` if it was passed. */
  readonly tokenSource?: string | undefined;
  /** `manual` if `fetch` reports redirects; browsers hide them. */
  readonly redirect: 'follow' | 'manual';
  /** Longest silence in milliseconds during requests for metadata. */
  readonly metadataTimeout: number;
  /** Longest silence in milliseconds during a download. */
  readonly downloadTimeout: number;
  readonly retry: RetryPolicy;
  readonly signal: AbortSignal;
  readonly fetch: typeof fetch;
}

/** Formats the model and its revision for messages. */
export function nameOf({ id, revision }: Pick<HubConnection, 'id' | 'revision'>): string {
  return revision === 'main' ? id : `${id}@${revision}`;
}

/** Address below the endpoint, which may have a path of its own. */
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

/** Ways to get a model without a network. */
const WITHOUT_NETWORK = useLocalModel('@model2vec-ts/model-minilm-l6', 'docs/guides/offline.md');

/**
 * Sends one request and follows its redirects. Only the endpoint receives the token.
 *
 * @returns an answer with status 200 or 206, or with a status in `accepted`
 * @throws {@link ModelError} for any other answer
 */
export async function askHub(
  connection: HubConnection,
  start: URL,
  options: {
    readonly headers?: Readonly<Record<string, string>>;
    readonly stallTimeout: number;
    readonly accepted?: readonly number[];
  },
): Promise<HttpAnswer> {
  const { endpoint, token } = connection;
  let url = start;
  let status: number | undefined;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const atHub = url.origin === endpoint.origin;
    const answer = await sendRequest(url, {
      headers: {
        ...options.headers,
        ...(atHub && token !== undefined && { authorization: `Bearer ${token}` }),
      },
      redirect: connection.redirect,
      stallTimeout: options.stallTimeout,
      secret: token,
      advice: WITHOUT_NETWORK,
      signal: connection.signal,
      fetch: connection.fetch,
    });
    const { response } = answer;
    status = response.status;
    if (response.ok || options.accepted?.includes(response.status)) return answer;
    answer.discard();
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
    throw new ModelUnreachableError(
      `${printable(url)}: HTTP ${status} without a valid address to go to`,
      status,
    );
  }
  const target = new URL(location, url);
  const kept = target.protocol === 'https:' || target.protocol === url.protocol;
  if (kept && target.username === '' && target.password === '') return target;
  throw new ModelUnreachableError(
    `${printable(url)}: HTTP ${status} redirects to ${target.protocol}//${target.host}, which is less safe, so it is not followed`,
    status,
  );
}

/** Turns a failed answer of the Hub into an error. */
function failureOf(connection: HubConnection, url: URL, response: Response): ModelError {
  const { id, revision, endpoint, tokenSource } = connection;
  const { status, headers } = response;
  const code = headers.get('x-error-code');
  const token = connection.token === undefined ? 'missing' : 'given';
  const message = serverMessage(headers, connection.token);
  const atHub = url.origin === endpoint.origin;

  if (code === 'RevisionNotFound') {
    return new ModelNotFoundError(`${id}: the Hub has no revision "${revision}" of this model`, [
      nameOf(connection),
    ]);
  }
  if (code === 'GatedRepo') {
    const page = printable(hubUrl(endpoint, id));
    return new ModelRefusedError(`${id} is gated${message}`, status, acceptTerms(page, token));
  }
  // The Hub answers for a private model as for a missing one, to keep its name private. Any other refusal states its
  // reason, for example that the model is disabled.
  const isHidden = status === 401 || code === 'RepoNotFound' || message === '';
  if ((status === 401 || status === 403) && atHub && isHidden) {
    return new ModelRefusedError(
      `${id}: the Hub answered HTTP ${status}${message}: the model is private or does not exist, and no folder has that name`,
      status,
      checkAccess(token, tokenSource),
    );
  }
  if (code === 'RepoNotFound') {
    return new ModelNotFoundError(`${id}: the Hub has no such model, and no folder has that name`, [id]);
  }
  if (status === 404) {
    return new ModelNotFoundError(`${id}: nothing found at ${printable(url)} (HTTP 404${message})`, [
      printable(url),
    ]);
  }
  if (status === 401 || status === 403) {
    const server = atHub ? `${id}: the Hub` : `${printable(url)}: the server`;
    return new ModelRefusedError(`${server} refuses access (HTTP ${status}${message})`, status);
  }
  const retryAfter = retryAfterSeconds(headers);
  const answer = `${printable(url)}: the server answered HTTP ${status}${message}`;
  if (status !== 429) return new ModelUnreachableError(answer, status, { retryAfter });
  return new ModelUnreachableError(`${answer}: too many requests`, status, {
    retryAfter,
    ...retry(retryAfter && Math.ceil(retryAfter)),
  });
}

/** The Hub's own explanation, such as "Access to this resource is disabled."; empty if there is none. */
function serverMessage(headers: Headers, secret: string | undefined): string {
  const message = headers
    .get('x-error-message')
    // Control and invisible characters must not reach a terminal.
    ?.replace(/\p{C}+/gu, ' ')
    .trim()
    .slice(0, 200);
  if (!message) return '';
  return `: ${JSON.stringify(secret === undefined ? message : message.replaceAll(secret, '…'))}`;
}

/** Largest JSON answer that is read; one page of a listing has at most 1,000 entries. */
const MAX_JSON_BYTES = 16 << 20;
const MAX_JSON_CONTAINERS = 200_000;

/** Reads an answer as JSON. */
export async function jsonOf(answer: HttpAnswer): Promise<unknown> {
  const malformed = (problem: string, cause?: unknown): MalformedModelError =>
    new MalformedModelError(printable(answer.url), problem, { cause, ...checkEndpoint() });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.chunks()) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_JSON_BYTES) throw malformed(`answers with more than ${MAX_JSON_BYTES} bytes of JSON`);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  const problem = jsonProblem(bytes, MAX_JSON_CONTAINERS);
  if (problem !== undefined) throw malformed(`answers with JSON that ${problem}`);
  const text = new TextDecoder().decode(bytes);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = /^\s*</.test(text) ? 'an HTML page' : 'something other than JSON';
    throw malformed(`answers with ${found}, so it is not a Hub, or a firewall answers instead`, cause);
  }
}
