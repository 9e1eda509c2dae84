import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expected, float32, testServer } from '../src/fixtures/server.js';
import { ServerError } from '../src/index.js';
import { listen, type RunningServer } from '../src/node.js';

let running: RunningServer;

beforeAll(async () => {
  running = await listen(testServer({ limits: { bodyBytes: 1 << 20 } }), { port: 0, receiveTimeoutMs: 1500 });
});

afterAll(() => running.close());

/** Sends bytes and returns everything that arrives until the server closes the connection. */
async function exchange(send: (socket: Socket) => void, port = running.port): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let received = '';
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
  });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  send(socket);
  if (!socket.closed) await once(socket, 'close');
  return received;
}

function httpRequest(path: string, body: string, headers = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${headers}\r\n${body}`;
}

const embed = (text: string): string => JSON.stringify({ inputs: text });

async function isAlive(): Promise<boolean> {
  return (await fetch(`${running.url}/health`)).status === 200;
}

describe('over a connection', () => {
  it("embeds with the facade's bits", async () => {
    const response = await fetch(`${running.url}/embed`, { method: 'POST', body: embed('a text') });
    expect(float32((await response.json()) as number[][])).toEqual(await expected(['a text']));
  });

  it('answers pipelined requests in their order', async () => {
    const texts = Array.from({ length: 20 }, (_, i) => `text ${i}`);
    const received = await exchange((socket) => {
      const last = texts.length - 1;
      socket.write(
        texts
          .map((text, i) => httpRequest('/embed', embed(text), i === last ? 'Connection: close\r\n' : ''))
          .join(''),
      );
    });
    const bodies = [...received.matchAll(/\r\n\r\n(\[\[[^\r]*?\]\])/g)].map(
      ([, body]) => JSON.parse(body!) as number[][],
    );
    expect(bodies.map((body) => float32(body)[0])).toEqual(await expected(texts));
  });

  it('answers chunked bodies, and refuses too large ones early', async () => {
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const head =
      'POST /embed HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n';
    const small = await exchange((socket) =>
      socket.write(`${head}${chunk('{"inputs":')}${chunk('"x"}')}0\r\n\r\n`),
    );
    expect(small).toContain('200 OK');
    const large = await exchange((socket) => {
      socket.write(head);
      for (let i = 0; i < 40; i++) socket.write(chunk('x'.repeat(1 << 16)));
    });
    expect(large).toContain('413 Payload Too Large');
  });

  it('refuses a body of 100 MB without reading it, even if the client keeps sending', async () => {
    const before = process.memoryUsage().rss;
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const call = request(`${running.url}/embed`, {
        method: 'POST',
        headers: { 'content-length': 100 << 20 },
      });
      call.on('response', (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject);
      const part = Buffer.alloc(1 << 16, 'x');
      let sent = 0;
      const send = (): void => {
        while (sent < 100 << 20) {
          sent += part.length;
          if (!call.write(part)) {
            call.once('drain', send);
            return;
          }
        }
        call.end();
      };
      send();
    });
    expect(status).toBe(413);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 << 20);
    expect(await isAlive()).toBe(true);
  });

  it('disconnects clients that send too slowly', async () => {
    const slowHead = exchange((socket) => socket.write('POST /embed HTTP/1.1\r\nHost: loc'));
    const slowBody = exchange((socket) =>
      socket.write('POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"inp'),
    );
    expect(await slowHead).toContain('408');
    expect(await slowBody).toMatch(/40[08]/);
    expect(await isAlive()).toBe(true);
  });

  it('survives clients that disconnect in the middle', async () => {
    for (let i = 0; i < 20; i++) {
      const socket = connect(running.port, '127.0.0.1');
      await once(socket, 'connect');
      socket.write(httpRequest('/embed', embed('x'.repeat(1000))).slice(0, i % 2 === 0 ? 200 : 5000));
      socket.destroy();
    }
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const aborted = new AbortController();
        const call = fetch(`${running.url}/embed`, {
          method: 'POST',
          body: JSON.stringify({ inputs: Array.from({ length: 500 }, () => 'some text') }),
          signal: aborted.signal,
        }).catch(() => undefined);
        setTimeout(() => aborted.abort(), 3);
        await call;
      }),
    );
    expect(await isAlive()).toBe(true);
  });

  it('answers non-HTTP input with status 400', async () => {
    expect(await exchange((socket) => socket.write('hello\r\n\r\n'))).toContain('400 Bad Request');
    expect(
      await exchange((socket) => socket.write(`GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)),
    ).toContain('431');
  });

  it.each(['{', '[1', '"x"', 'null', '\u0000', '{"inputs":', `{"inputs":${'['.repeat(50_000)}`])(
    'answers the body %s with 4xx',
    async (body) => {
      for (const path of ['/v1/embeddings', '/embed', '/', '/api/embed', '/vectors']) {
        const response = await fetch(`${running.url}${path}`, { method: 'POST', body });
        expect([path, Math.floor(response.status / 100)]).toEqual([path, 4]);
        await response.text();
      }
    },
  );
});

describe('listen', () => {
  it('reports that a port is in use', async () => {
    const error = await listen(testServer(), { port: running.port }).catch((thrown: unknown) => thrown);
    expect(ServerError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'cannot-listen', message: expect.stringContaining('in use') });
  });

  it('answers every request that was sent before or while it closes', async () => {
    let received = 0;
    const server = await listen(testServer({ onRequest: () => received++ }), { port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 32 });
    let isClosed = false;
    let answered = 0;
    const failures: string[] = [];
    const send = (): Promise<'answered' | 'refused'> =>
      new Promise((resolve) => {
        const call = request(
          `${server.url}/embed`,
          { method: 'POST', agent },
          (response: IncomingMessage) => {
            response.resume();
            response.on('end', () => {
              if (response.statusCode === 200) answered++;
              else failures.push(`status ${response.statusCode}`);
              resolve('answered');
            });
          },
        );
        call.on('error', (error: NodeJS.ErrnoException) => {
          // A new connection may fail, because nothing listens any more; one that the server accepted may not.
          if (call.reusedSocket) failures.push(String(error.code));
          resolve('refused');
        });
        call.end(embed('a text of some words'));
      });
    const client = async (): Promise<void> => {
      while (!isClosed && (await send()) === 'answered');
    };
    const clients = Array.from({ length: 32 }, client);
    while (answered < 200) await new Promise((resolve) => setTimeout(resolve, 10));
    await server.close();
    isClosed = true;
    await Promise.all(clients);
    agent.destroy();
    expect(failures).toEqual([]);
    expect(answered).toBe(received);
    expect(answered).toBeGreaterThan(200);
  });

  it('answers a client that pauses between its requests while it closes', async () => {
    const server = await listen(testServer(), { port: 0 });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (): Promise<[status: number | undefined, connection: string | undefined]> =>
      new Promise((resolve, reject) => {
        const call = request(`${server.url}/embed`, { method: 'POST', agent }, (response) => {
          response.resume();
          response.on('end', () => resolve([response.statusCode, response.headers.connection]));
        });
        call.on('error', reject);
        call.end(embed('a text'));
      });
    expect(await send()).toEqual([200, 'keep-alive']);
    const closed = server.close();
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(await send()).toEqual([200, 'close']);
    await closed;
    agent.destroy();
  });

  it('cuts connections that stay open after the timeout', async () => {
    const server = await listen(testServer(), { port: 0 });
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    socket.write('POST /embed HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close({ timeoutMs: 500 });
    if (!socket.closed) await once(socket, 'close');
    expect(socket.destroyed).toBe(true);
  });
});
