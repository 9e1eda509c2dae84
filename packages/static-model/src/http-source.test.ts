import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import {
  type AddressInfo,
  createServer as createSocketServer,
  type Socket,
  type Server as SocketServer,
} from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { modelFiles } from '../test/model-fixture.js';
import { type LoadStaticModelOptions, loadStaticModel } from './load-static-model.js';
import { ModelRefusedError, ModelUnreachableError } from './server-error.js';
import { fetchFile } from './source/http-file.js';
import { openHttpFolder } from './source/http-folder.js';
import type { LoadProgress } from './source/load-progress.js';
import type { ModelSource } from './static-model.js';

const TOKEN = 'hf_secretSECRETsecret';

const opened: (Server | SocketServer)[] = [];
const sockets: Socket[] = [];

/** A server on a free port of this machine, closed after the test. */
async function listen<S extends Server | SocketServer>(server: S): Promise<URL> {
  opened.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
}

/** Serves the files of a small model below `/models/m/`, unless `fault` answers first. */
function serve(
  name: string,
  fault: (path: string, response: ServerResponse, request: IncomingMessage) => boolean = () => false,
): RequestListener {
  const files = modelFiles(name);
  return (request, response) => {
    const path = decodeURIComponent(new URL(request.url!, 'http://x').pathname);
    const file = path.startsWith('/models/m/') ? files[path.slice('/models/m/'.length)] : undefined;
    if (fault(path, response, request)) return;
    if (file instanceof Uint8Array) response.writeHead(200, { 'content-length': file.length }).end(file);
    else response.writeHead(404).end('nothing here');
  };
}

async function rejectionOf(source: ModelSource, options: LoadStaticModelOptions = {}): Promise<Error> {
  try {
    await loadStaticModel(source, options);
  } catch (error) {
    return error as Error;
  }
  throw new RangeError('it loaded');
}

const endpoint = process.env.HF_ENDPOINT;
beforeEach(() => {
  delete process.env.HF_ENDPOINT;
});
afterEach(async () => {
  if (endpoint === undefined) delete process.env.HF_ENDPOINT;
  else process.env.HF_ENDPOINT = endpoint;
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of opened.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  }
});

describe('a model behind a URL', () => {
  it.each([
    'chrome-extension://abcdefghijklmnop/model',
    'moz-extension://0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0/model/',
    'capacitor://localhost/model',
    'tauri://localhost/model',
    'app+v2.x:/model',
  ])('can have any scheme that fetch takes: %s', async (address) => {
    const files = modelFiles('float32');
    const folder = address.replace(/\/?$/, '/');
    const fetched = async (input: RequestInfo | URL): Promise<Response> => {
      const file = String(input).startsWith(folder) ? files[String(input).slice(folder.length)] : undefined;
      return new Response((file ?? null) as BodyInit | null, { status: file === undefined ? 404 : 200 });
    };
    const { fingerprint } = await loadStaticModel(files);
    for (const source of [address, new URL(address)]) {
      expect((await loadStaticModel(source, { fetch: fetched })).fingerprint).toBe(fingerprint);
    }
    const single = Object.fromEntries(Object.keys(files).map((name) => [name, new URL(folder + name)]));
    expect((await loadStaticModel(single, { fetch: fetched })).fingerprint).toBe(fingerprint);
  });

  it('is no folder if its URL holds a single file', async () => {
    for (const source of ['data:application/json,{}', URL.createObjectURL(new Blob(['{}']))]) {
      const error = await rejectionOf(source);
      expect(error.message).toMatch(/^(data|blob): URLs cannot be read as a folder; pass a folder/);
    }
  });

  it.each(['float32', 'sentence-transformers', 'static-embedding', 'mapped-int64'])(
    'is "%s" as in its folder, with or without a trailing slash, as text or URL',
    async (name) => {
      const root = await listen(createServer(serve(name)));
      const expected = await loadStaticModel(modelFiles(name));
      const url = new URL('models/m', root);
      for (const source of [url, new URL(`${url}/`), url.href, `${url}/`]) {
        const model = await loadStaticModel(source);
        expect(model).toMatchObject({ layout: expected.layout, fingerprint: expected.fingerprint });
      }
    },
  );

  it('can have a subfolder, and names that need escaping', async () => {
    const files = modelFiles('float32');
    const paths: string[] = [];
    const root = await listen(
      createServer((request, response) => {
        paths.push(request.url!);
        const file = files[request.url!.split('/').at(-1)!.split('?')[0]!];
        response.end(file as Uint8Array);
      }),
    );
    await loadStaticModel(new URL('m?sig=a%2Fb#top', root), { subfolder: 'a b/ü' });
    expect(paths.sort()).toEqual(
      Object.keys(files)
        .map((file) => `/m/a%20b/%C3%BC/${file}?sig=a%2Fb`)
        .sort(),
    );
  });

  it('can be given file by file', async () => {
    const root = await listen(createServer(serve('float32')));
    const files = ['config.json', 'model.safetensors', 'tokenizer.json'];
    const source = Object.fromEntries(files.map((file) => [file, new URL(`models/m/${file}`, root)]));
    expect((await loadStaticModel(source)).table.dim).toBe(4);
    const missing = { ...source, 'config.json': new URL('nothing?secret=1', root) };
    const error = await rejectionOf(missing);
    expect(error).toMatchObject({ code: 'model-not-found' });
    expect(error).toMatchObject({
      message: `config.json: nothing found at ${root}nothing; if a bundler built this program, copy the model's folder there, or pass the URL of another`,
      remedy: { code: 'copy-model-files' },
    });
  });

  it('can be given by addresses relative to the page, as Turbopack makes them', async () => {
    const base = await listen(createServer(serve('float32')));
    const relative = (path: string): URL =>
      Object.create(URL.prototype, { href: { value: path }, protocol: { value: '' } });
    vi.stubGlobal('location', { href: new URL('page', base).href });
    try {
      const model = await loadStaticModel({
        'config.json': relative('/models/m/config.json'),
        'tokenizer.json': relative('/models/m/tokenizer.json'),
        'model.safetensors': relative('/models/m/model.safetensors'),
      });
      expect(model.fingerprint).toBe((await loadStaticModel(modelFiles('float32'))).fingerprint);
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('is fetched file by file at most once, with progress', async () => {
    const requests: string[] = [];
    const root = await listen(
      createServer(
        serve('static-embedding', (path) => {
          requests.push(path);
          return false;
        }),
      ),
    );
    const reports: LoadProgress[] = [];
    const source = new URL('models/m', root);
    await loadStaticModel(source, { onProgress: (progress) => reports.push(progress) });
    expect(new Set(requests).size).toBe(requests.length);
    const last = reports.filter(({ file }) => file === '0_StaticEmbedding/model.safetensors').at(-1)!;
    expect(last.loadedBytes).toBe(last.totalBytes);
  });

  it('may be compressed, or have no announced length', async () => {
    const files = modelFiles('float32');
    const root = await listen(
      createServer((request, response) => {
        const file = files[request.url!.slice(1)] as Uint8Array;
        if (request.url === '/config.json') {
          const body = gzipSync(file);
          response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': body.length }).end(body);
        } else {
          response.write(file.subarray(0, 50));
          response.end(file.subarray(50));
        }
      }),
    );
    expect((await loadStaticModel(root)).table.dim).toBe(4);
  });

  it('grows with the received bytes beyond the trusted size', async () => {
    const body = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
    const root = await listen(
      createServer((_, response) => {
        for (let at = 0; at < body.length; at += 9_000) response.write(body.subarray(at, at + 9_000));
        response.end();
      }),
    );
    const context = { signal: new AbortController().signal, onProgress: () => undefined, fetch };
    const received = await fetchFile({ url: root, file: 'x' }, context);
    expect(Buffer.compare(received!, body)).toBe(0);
  });
});

describe('a fault of a server', () => {
  it.each([401, 403])('%d is a refusal', async (status) => {
    const root = await listen(createServer((_, response) => response.writeHead(status).end()));
    const error = await rejectionOf(root);
    expect(error).toBeInstanceOf(ModelRefusedError);
    expect(error).toMatchObject({ code: 'model-refused', status });
    expect(error.message).toContain(`HTTP ${status}`);
  });

  it('404 is a missing file', async () => {
    const root = await listen(createServer(serve('float32', (path) => path === '/never')));
    const error = await rejectionOf(new URL('models/other', root));
    expect(error).toMatchObject({ code: 'model-not-found' });
    expect(error.message).toContain(`${root}models/other: there is no model`);
  });

  it.each([500, 503, 429, 418])('%d is a temporary failure', async (status) => {
    const root = await listen(
      createServer(
        serve('float32', (path, response) => {
          if (!path.endsWith('.safetensors')) return false;
          response.writeHead(status).end();
          return true;
        }),
      ),
    );
    const error = await rejectionOf(new URL('models/m', root));
    expect(error).toBeInstanceOf(ModelUnreachableError);
    expect(error).toMatchObject({ status });
    expect(error.message).toContain(`models/m/model.safetensors: the server answered HTTP ${status}`);
  });

  it('a missing server is reported with the system’s code', async () => {
    const root = await listen(createServer());
    await new Promise((resolve) => {
      opened.pop()!.close(resolve);
    });
    const error = await rejectionOf(root);
    expect(error).toMatchObject({ code: 'model-unreachable', status: undefined });
    expect(error.message).toMatch(/ECONNREFUSED/);
  });

  it('a web page in place of a file is reported as one', async () => {
    const page = '<!DOCTYPE html><html><title>Welcome</title></html>';
    const root = await listen(createServer((_, response) => response.end(page)));
    const error = await rejectionOf(root);
    expect(error).toMatchObject({ code: 'malformed-model', file: 'config.json' });
    expect(error.message).toMatch(/HTML page, not JSON/);
  });

  it('a broken connection is a temporary failure', async () => {
    const root = await listen(
      createServer(
        serve('float32', (path, response) => {
          if (!path.endsWith('.safetensors')) return false;
          response.writeHead(200, { 'content-length': 500 });
          response.write('abc', () => response.destroy());
          return true;
        }),
      ),
    );
    const error = await rejectionOf(new URL('models/m', root));
    expect(error).toMatchObject({ code: 'model-unreachable' });
    expect(error.message).toContain('models/m/model.safetensors could not be fetched');
  });

  it.each([
    ['fewer', 100, 'abc', 'model-unreachable'],
    ['more', 2, 'abcdefgh', 'malformed-model'],
  ])('%s bytes than announced never become a model', async (_, length, body, code) => {
    const answer = `HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${length}\r\n\r\n${body}`;
    const root = await listen(
      createSocketServer((socket) => {
        sockets.push(socket);
        socket.on('error', () => undefined).once('data', () => socket.end(answer));
      }),
    );
    expect(await rejectionOf(root)).toMatchObject({ code });
  });

  it.each([
    ['100', 'announced 100 bytes, but sent 3'],
    ['2', 'sent more than the 2 bytes it announced'],
  ])('an announcement of %s bytes is checked even if `fetch` does not', async (length, problem) => {
    const lying = (): Promise<Response> =>
      Promise.resolve(new Response('abc', { headers: { 'content-length': length } }));
    const error = await rejectionOf('http://localhost/m', { fetch: lying });
    expect(error).toMatchObject({ code: 'malformed-model' });
    expect(error.message).toContain(problem);
  });

  it('an announcement of 900 TB allocates little', async () => {
    const lying = (): Promise<Response> =>
      Promise.resolve(new Response('abc', { headers: { 'content-length': '900000000000000' } }));
    const before = process.memoryUsage().arrayBuffers;
    expect(await rejectionOf('http://localhost/m', { fetch: lying })).toMatchObject({
      code: 'malformed-model',
    });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(3 * 65 * (1 << 20));
  });

  it('silence ends in an error after a while, before and after the first byte', async () => {
    const root = await listen(
      createServer((request, response) => {
        if (request.url === '/b') response.writeHead(200).write('a');
      }),
    );
    const context = { signal: new AbortController().signal, onProgress: () => undefined, fetch };
    const folder = openHttpFolder(root, 'there', { ...context, stallTimeout: 80 });
    for (const file of ['a', 'b']) {
      await expect(folder.read(file)).rejects.toMatchObject({
        code: 'model-unreachable',
        message: expect.stringContaining('the server sent nothing for 0.08 s'),
      });
    }
  });

  it.each([
    ['is waited for if it sends 8,000 bytes per second', 400],
    ['is given up if its body drips', 1],
  ])('a slow server %s', async (_, bytes) => {
    const root = await listen(
      createServer((_, response) => {
        let sent = 0;
        const timer = setInterval(() => {
          response.write('a'.repeat(bytes));
          if (++sent === 24) {
            clearInterval(timer);
            response.end();
          }
        }, 50);
      }),
    );
    const context = { signal: new AbortController().signal, onProgress: () => undefined, fetch };
    const folder = openHttpFolder(root, 'there', { ...context, stallTimeout: 400 });
    if (bytes === 400) expect(await folder.read('a')).toHaveLength(9600);
    else {
      await expect(folder.read('a')).rejects.toMatchObject({
        code: 'model-unreachable',
        message: expect.stringMatching(/only \d+ bytes arrived in \d s, less than 1000 per second/),
      });
    }
  });

  it("silence ends with the signal's reason after an abort", async () => {
    const controller = new AbortController();
    const reason = new RangeError('enough');
    const closed: Promise<unknown>[] = [];
    const root = await listen(
      createServer((request, response) => {
        closed.push(new Promise((resolve) => request.socket.once('close', resolve)));
        response.writeHead(200).write('{');
        if (closed.length === 3) controller.abort(reason);
      }),
    );
    expect(await rejectionOf(root, { signal: controller.signal })).toBe(reason);
    await Promise.all(closed);
  });

  it('ends the other requests when one fails', async () => {
    let closed: Promise<unknown> | undefined;
    const root = await listen(
      createServer((request, response) => {
        if (request.url === '/model.safetensors') {
          closed = new Promise((resolve) => request.socket.once('close', resolve));
          response.writeHead(200).write('a');
        } else setTimeout(() => response.writeHead(500).end(), 50);
      }),
    );
    expect(await rejectionOf(root)).toMatchObject({ status: 500 });
    await closed;
  });
});

describe('a URL of the Hub', () => {
  it('gets the token, and no other URL does', async () => {
    const tokens: (string | undefined)[] = [];
    const hub = await listen(
      createServer(
        serve('float32', (_, __, request) => {
          tokens.push(request.headers.authorization);
          return false;
        }),
      ),
    );
    process.env.HF_ENDPOINT = hub.href;
    await loadStaticModel(new URL('models/m', hub), { token: TOKEN });
    expect(new Set(tokens)).toEqual(new Set([`Bearer ${TOKEN}`]));
    tokens.length = 0;
    process.env.HF_ENDPOINT = 'http://localhost:1';
    await loadStaticModel(new URL('models/m', hub), { token: TOKEN });
    expect(new Set(tokens)).toEqual(new Set([undefined]));
  });
});

describe('credentials', () => {
  it.each(['two words', 'line\nbreak', 'ünicode', ''])(
    'a token of %j is refused before any request',
    async (token) => {
      const error = await rejectionOf('org/name', { token });
      expect(error).toMatchObject({ code: 'invalid-argument' });
      if (token !== '') expect(error.message).not.toContain(token);
    },
  );

  it('in a URL are refused and not repeated', async () => {
    const url = new URL('http://user:geheim@localhost:1/m?sig=geheim#geheim');
    for (const source of [url, url.href, { 'config.json': url }]) {
      const error = await rejectionOf(source);
      expect(error).toMatchObject({ code: 'invalid-argument' });
      expect(`${error.stack}${error.cause}`).not.toContain('geheim');
    }
  });

  it('in a query are not repeated by any error', async () => {
    const root = await listen(createServer((_, response) => response.writeHead(403).end()));
    for (const source of [new URL('m?sig=geheim', root), 'http://127.0.0.1:1/m?sig=geheim']) {
      const error = await rejectionOf(source);
      expect(`${error.stack}${error.cause}`).not.toContain('geheim');
    }
  });

  it('are removed from the message of a failing `fetch`', async () => {
    const failing = (): Promise<Response> => Promise.reject(new TypeError(`cannot send ${TOKEN}`));
    process.env.HF_ENDPOINT = 'http://localhost:1';
    const error = await rejectionOf('http://localhost:1/m', { token: TOKEN, fetch: failing });
    expect(error).toMatchObject({ code: 'model-unreachable' });
    expect(error.message).toMatch(/cannot send …/);
  });
});
