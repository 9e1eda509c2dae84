import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelSelection } from '../../src/hub/node/file-selection.js';
import { openSnapshot } from '../../src/hub/node/node-hub.js';
import { proxyFor } from '../../src/hub/node/proxy.js';
import { emitSources } from './emitted-sources.js';
import { repositoryFiles } from './hub-model.js';
import { HubServer } from './hub-server.js';
import { startUser } from './hub-user.js';

const run = promisify(execFile);
const ID = 'org/name';
const FAST = {
  retries: 1,
  firstDelayMilliseconds: 1,
  longestDelayMilliseconds: 2,
  longestRetryAfterSeconds: 2,
};

const hub = new HubServer();
/** The requests that the proxy received. */
const asked: { readonly target: string; readonly authorization: string | undefined }[] = [];
let proxyStatus = 200;
const sockets = new Set<Socket>();
const proxy = createServer(async (request, response) => {
  asked.push({ target: request.url!, authorization: request.headers['proxy-authorization'] });
  if (proxyStatus !== 200) return void response.writeHead(proxyStatus).end();
  const { host: _host, connection: _connection, 'proxy-authorization': _own, ...headers } = request.headers;
  const answer = await fetch(request.url!, {
    headers: headers as Record<string, string>,
    redirect: 'manual',
  });
  const { 'content-encoding': _encoding, ...kept } = Object.fromEntries(answer.headers);
  response.writeHead(answer.status, kept);
  response.end(new Uint8Array(await answer.arrayBuffer()));
});
proxy.on('connect', (request, socket: Socket) => {
  asked.push({ target: request.url!, authorization: request.headers['proxy-authorization'] });
  if (proxyStatus !== 200) return void socket.end(`HTTP/1.1 ${proxyStatus} No\r\n\r\n`);
  const [, port] = request.url!.split(':');
  const through = connect(Number(port), '127.0.0.1', () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    through.pipe(socket).pipe(through);
  });
  for (const each of [socket, through]) {
    sockets.add(each);
    each.on('error', () => undefined);
  }
});

let proxyUrl: string;
let cache: string;

beforeAll(async () => {
  await hub.start();
  proxyUrl = await listen(proxy);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  proxy.closeAllConnections();
  proxy.close();
  await hub.stop();
});
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), 'hub-cache-'));
  for (const name of Object.keys(process.env)) {
    if (/^(?:HF_|HUGGING|TRANSFORMERS_)|_PROXY$/i.test(name)) vi.stubEnv(name, undefined);
  }
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
  asked.length = 0;
  proxyStatus = 200;
  hub.repositories.clear();
  hub.commit(ID, repositoryFiles());
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(cache, { recursive: true, force: true });
});

function open(options: { readonly fetch?: typeof fetch } = {}) {
  const context = {
    signal: new AbortController().signal,
    onProgress: () => undefined,
    retry: FAST,
    ...options,
  };
  return openSnapshot(ID, { endpoint: hub.url, cacheDir: cache }, modelSelection(''), context);
}

describe('a proxy of the environment', () => {
  it('is used for http: like in Python, with the name and password in its address', async () => {
    vi.stubEnv('http_proxy', proxyUrl.replace('//', '//na%20me:geheim@'));
    expect(await open()).toBeDefined();
    expect(asked.map(({ target }) => target)).toContain(`${hub.url}/api/models/${ID}/revision/main`);
    // Redirects of the Hub use the proxy too.
    expect(asked.some(({ target }) => target.startsWith(hub.cdnUrl))).toBe(true);
    const credentials = Buffer.from('na me:geheim').toString('base64');
    expect(new Set(asked.map(({ authorization }) => authorization))).toEqual(
      new Set([`Basic ${credentials}`]),
    );
  });

  it('that requires other credentials, or fails, is named without them', async () => {
    vi.stubEnv('http_proxy', proxyUrl.replace('//', '//name:geheim@'));
    for (const status of [407, 502]) {
      proxyStatus = status;
      const error = await open().then(
        () => undefined,
        (reason: Error) => reason,
      );
      expect(error).toMatchObject({ code: 'model-unreachable', status });
      expect(error!.message).not.toContain('geheim');
    }
  });

  it('is ignored if a `fetch` is given', async () => {
    vi.stubEnv('http_proxy', proxyUrl);
    expect(await open({ fetch: globalThis.fetch })).toBeDefined();
    expect(asked).toEqual([]);
  });

  it('forwards https: unread', async (test) => {
    const folder = mkdtempSync(join(cache, 'tls-'));
    const file = (name: string): string => join(folder, name);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    try {
      const keys = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file('key.pem'), '-out', file('cert.pem')];
      await run('openssl', ['req', '-x509', ...keys, ...subject, '-days', '1']);
    } catch {
      test.skip('https: through a proxy: there is no openssl to make a certificate');
    }
    const sources = await emitSources('proxy');
    const secure = createSecureServer(
      { key: readFileSync(file('key.pem')), cert: readFileSync(file('cert.pem')) },
      async (request, response) => {
        const answer = await fetch(`${hub.url}${request.url}`);
        response.writeHead(answer.status, { etag: answer.headers.get('etag') ?? '' });
        response.end(new Uint8Array(await answer.arrayBuffer()));
      },
    );
    await listen(secure);
    const { port } = secure.address() as AddressInfo;
    const settings = {
      HF_ENDPOINT: `https://localhost:${port}`,
      HF_HUB_CACHE: cache,
      HTTPS_PROXY: proxyUrl,
      // `http:` must not go there.
      HTTP_PROXY: 'http://127.0.0.1:9',
      NODE_EXTRA_CA_CERTS: file('cert.pem'),
    };
    const { fingerprint } = await startUser(sources.index, ID, settings).result;
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(new Set(asked.map(({ target }) => target))).toEqual(new Set([`localhost:${port}`]));
    rmSync(join(cache, 'models--org--name'), { recursive: true });
    proxyStatus = 407;
    const refused = await startUser(sources.index, ID, settings).result;
    expect(refused).toMatchObject({ code: 'model-refused' });
    expect(refused.message).toContain('the proxy 127.0.0.1:');
    secure.closeAllConnections();
    secure.close();
    await sources.remove();
  });
});

describe('the variables of a proxy', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['https://huggingface.co/x', {}, undefined],
    ['https://huggingface.co/x', { HTTPS_PROXY: 'http://a:1' }, 'http://a:1/'],
    ['https://huggingface.co/x', { HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:1' }, 'http://b:1/'],
    ['https://huggingface.co/x', { HTTPS_PROXY: 'http://a:1', https_proxy: '' }, undefined],
    ['https://huggingface.co/x', { HTTP_PROXY: 'http://a:1' }, undefined],
    ['https://huggingface.co/x', { ALL_PROXY: 'a:1' }, 'http://a:1/'],
    ['http://x.test/', { HTTP_PROXY: 'http://a:1' }, 'http://a:1/'],
    ['http://x.test/', { HTTP_PROXY: 'http://a:1', REQUEST_METHOD: 'GET' }, undefined],
    ['https://cdn.hf.co/x', { HTTPS_PROXY: 'http://a:1', NO_PROXY: 'x.test, hf.co' }, undefined],
    ['https://cdn.hf.co/x', { HTTPS_PROXY: 'http://a:1', no_proxy: '.hf.co' }, undefined],
    ['https://cdn.hf.co/x', { HTTPS_PROXY: 'http://a:1', no_proxy: '*.hf.co' }, undefined],
    ['https://cdn.hf.co/x', { HTTPS_PROXY: 'http://a:1', no_proxy: '*' }, undefined],
    ['https://cdn.hf.co/x', { HTTPS_PROXY: 'http://a:1', no_proxy: 'hf.co:443' }, undefined],
    ['https://cdn.hf.co/x', { HTTPS_PROXY: 'http://a:1', no_proxy: 'hf.co:80,f.co,' }, 'http://a:1/'],
    ['http://127.0.0.1:5/x', { HTTP_PROXY: 'http://a:1', no_proxy: '127.0.0.1' }, undefined],
  ])('for %s with %j select %s', (url, variables, expected) => {
    expect(proxyFor(new URL(url), variables)?.href).toBe(expected);
  });

  it('with another kind of proxy are refused by name', () => {
    for (const value of ['socks5://geheim@a:1', 'http://[', 'ftp://a']) {
      let error: unknown;
      try {
        proxyFor(new URL('https://x.test'), { ALL_PROXY: value });
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toMatchObject({ code: 'invalid-argument' });
      expect(String(error)).toContain('ALL_PROXY');
      expect(String(error)).not.toContain('geheim');
    }
  });
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
