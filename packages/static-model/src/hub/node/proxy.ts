import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeReadableStream } from 'node:stream/web';
import { connect as tlsConnect } from 'node:tls';
import { ModelError } from '../../model-error.js';
import { ModelRefusedError, ModelUnreachableError } from '../../server-error.js';
import { passFetch } from '../../source/source-remedies.js';
import { setProxyCredentials } from '../hub-remedies.js';

/**
 * A `fetch` that uses the environment's proxy, if any. Node's own `fetch` supports these variables only from 22.21 and
 * only with `NODE_USE_ENV_PROXY`; Python's client always does. It sends no body and follows no redirects, which is
 * enough for the Hub.
 */
export const proxiedFetch: typeof fetch = async (input, init) => {
  const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input);
  const proxy = proxyFor(url);
  if (proxy === undefined) return globalThis.fetch(input, init);
  const signal = init?.signal ?? undefined;
  const options: RequestOptions = {
    method: init?.method ?? 'GET',
    headers: { ...Object.fromEntries(new Headers(init?.headers)), host: url.host },
    ...(signal && { signal }),
  };
  if (url.protocol === 'http:') {
    const address = { ...addressOf(proxy), path: url.href };
    return responseOf(
      await exchange(proxy, {
        ...options,
        ...address,
        headers: { ...options.headers, ...credentials(proxy) },
      }),
    );
  }
  const socket = await tunnel(proxy, url, signal);
  const servername = isIP(url.hostname) ? {} : { servername: url.hostname };
  return responseOf(
    await exchange(url, {
      ...options,
      ...addressOf(url),
      path: `${url.pathname}${url.search}`,
      createConnection: () => tlsConnect({ socket, ALPNProtocols: ['http/1.1'], ...servername }),
    }),
  );
};

/** The environment's proxy for an address, read as Python does: the lower-case variable wins. */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv = process.env): URL | undefined {
  const value = (name: string): [string, string] | undefined => {
    const lower = environment[name];
    if (lower !== undefined) return [name, lower];
    // In a CGI program this variable holds the client's "Proxy" header.
    if (name === 'http_proxy' && environment.REQUEST_METHOD !== undefined) return undefined;
    const upper = environment[name.toUpperCase()];
    return upper === undefined ? undefined : [name.toUpperCase(), upper];
  };
  const [name, proxy] = value(`${url.protocol.slice(0, -1)}_proxy`) ?? value('all_proxy') ?? ['', ''];
  if (proxy === '' || isExempt(url, value('no_proxy')?.[1] ?? '')) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (/^https?:/i.test(address) && URL.canParse(address)) return new URL(address);
  throw new ModelError(
    'invalid-argument',
    `${name} must name an http: or https: proxy; others are not supported`,
    passFetch('proxy'),
  );
}

function isExempt(url: URL, list: string): boolean {
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, host, port] = /^(?:\*?\.)?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (!host || (port !== undefined && port !== portOf(url))) return false;
    return url.hostname === host || url.hostname.endsWith(`.${host}`);
  });
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80');
}

function addressOf(url: URL): RequestOptions {
  return { protocol: url.protocol, host: url.hostname.replace(/^\[|\]$/g, ''), port: portOf(url) };
}

function credentials({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** Opens a connection that the proxy forwards unread. */
function tunnel(proxy: URL, url: URL, signal: AbortSignal | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const target = `${url.hostname}:${portOf(url)}`;
    const request = requestTo(proxy, {
      ...addressOf(proxy),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...credentials(proxy) },
      agent: false,
      ...(signal && { signal }),
    });
    request.once('error', reject);
    request.once('connect', (response: IncomingMessage, socket: Socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(refusal(proxy, response.statusCode ?? 0));
      }
    });
    request.end();
  });
}

function refusal(proxy: URL, status: number): ModelError {
  const message = `the proxy ${proxy.host} answered HTTP ${status}`;
  if (status !== 407) return new ModelUnreachableError(message, status);
  return new ModelRefusedError(
    `${message}: it requires a user name and a password`,
    status,
    setProxyCredentials(),
  );
}

function requestTo(url: URL, options: RequestOptions): ReturnType<typeof httpRequest> {
  return url.protocol === 'https:' ? httpsRequest(options) : httpRequest(options);
}

function exchange(url: URL, options: RequestOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    requestTo(url, options).once('error', reject).once('response', resolve).end();
  });
}

function responseOf(message: IncomingMessage): Response {
  const headers = new Headers();
  for (let i = 0; i < message.rawHeaders.length; i += 2) {
    headers.append(message.rawHeaders[i]!, message.rawHeaders[i + 1]!);
  }
  const status = message.statusCode ?? 0;
  const empty = status === 204 || status === 304;
  if (empty) message.resume();
  // One type under two names, one from Node's modules and one from the web.
  const body = Readable.toWeb(
    message,
  ) as NodeReadableStream<Uint8Array> as unknown as ReadableStream<Uint8Array>;
  return new Response(empty ? null : body, { status, headers });
}
