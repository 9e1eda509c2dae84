import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { embedder, expected, float32, testServer } from '../src/fixtures/server.js';
import { listen, type RunningServer } from '../src/node.js';

const KEY = 'milvus-key';
/** Texts per request of the providers: 32 of TEI's, 128 of OpenAI's. */
const TEI_BATCH = 32;
const OPENAI_BATCH = 128;
/** Sent when a collection is created, to learn the number of dimensions. */
const CHECK = 'check';

let running: RunningServer;

beforeAll(async () => {
  running = await listen(testServer({ apiKeys: [KEY] }), { port: 0 });
});

afterAll(() => running.close());

/** Serialises like Go's `json.Marshal`, which escapes characters that HTML treats specially. */
function goJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The bytes that Go's HTTP client sends for a request of Milvus 2.6. */
function goRequest(path: string, body: string, key = KEY): string {
  return [
    `POST ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${running.port}`,
    'User-Agent: Go-http-client/1.1',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(key === '' ? [] : [`Authorization: Bearer ${key}`]),
    'Content-Type: application/json',
    'Accept-Encoding: gzip',
    '',
    body,
  ].join('\r\n');
}

/** Sends requests one after the other on a connection, and returns status lines and bodies. */
async function exchange(...requests: string[]): Promise<{ status: string; body: unknown }[]> {
  const socket = connect(running.port, '127.0.0.1');
  await once(socket, 'connect');
  const replies: { status: string; body: unknown }[] = [];
  let received = Buffer.alloc(0);
  for (const request of requests) {
    socket.write(request);
    for (;;) {
      const head = received.indexOf('\r\n\r\n');
      const text = received.subarray(0, Math.max(head, 0)).toString();
      const end = head + 4 + Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1]);
      if (head >= 0 && received.length >= end) {
        replies.push({
          status: text.slice(0, text.indexOf('\r\n')),
          body: JSON.parse(received.subarray(head + 4, end).toString()),
        });
        received = received.subarray(end);
        break;
      }
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, chunk]);
    }
  }
  socket.destroy();
  return replies;
}

const texts = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `row ${i}: naïve <b>café</b> & 日本語\u2028 "quoted"\n`);

describe("Milvus' TEI provider", () => {
  it('checks the dimensions, then inserts and searches, on one connection', async () => {
    const rows = texts(TEI_BATCH);
    const [check, insert, search] = await exchange(
      goRequest('/embed', goJson({ inputs: [CHECK] })),
      goRequest('/embed', goJson({ inputs: rows, truncate: true, truncation_direction: 'Right' })),
      goRequest(
        '/embed',
        goJson({ inputs: [`query: ${rows[3]}`], truncate: true, truncation_direction: 'Left' }),
      ),
    );
    // Any other status than 200 makes it try twice more and then fail.
    expect([check, insert, search].map((reply) => reply!.status)).toEqual(Array(3).fill('HTTP/1.1 200 OK'));
    expect((check!.body as number[][]).map((row) => row.length)).toEqual([embedder.dim]);
    expect(float32(insert!.body as number[][])).toEqual(await expected(rows));
    expect(float32(search!.body as number[][])).toEqual(await expected([`query: ${rows[3]}`]));
  });

  it('embeds long texts even if it does not ask for truncation, which is then left out', async () => {
    const long = 'word '.repeat(1000);
    const [reply] = await exchange(goRequest('/embed', goJson({ inputs: [long] })));
    expect(reply!.status).toBe('HTTP/1.1 200 OK');
    expect(float32(reply!.body as number[][])).toEqual(await expected([long]));
  });

  it('gets an error of TEI for a wrong or missing key', async () => {
    for (const key of ['wrong', '']) {
      const [reply] = await exchange(goRequest('/embed', goJson({ inputs: [CHECK] }), key));
      expect(reply).toEqual({
        status: 'HTTP/1.1 401 Unauthorized',
        body: { error: expect.any(String), error_type: 'Validation' },
      });
    }
  });
});

describe("Milvus' OpenAI provider", () => {
  interface Reply {
    readonly data: { readonly index: number; readonly embedding: number[] }[];
    readonly model: string;
    readonly usage: object;
  }
  const embed = (input: readonly string[], more: object = {}): string =>
    goRequest(
      '/v1/embeddings',
      // In the order of its struct.
      goJson({ model: 'text-embedding-3-small', input, ...more }),
    );

  it('checks the dimensions, then inserts and searches, on one connection', async () => {
    const rows = texts(OPENAI_BATCH);
    const replies = await exchange(
      embed([CHECK], { encoding_format: 'float', dimensions: 64 }),
      embed(rows, { encoding_format: 'float', dimensions: 64 }),
      embed([rows[5]!], { user: 'someone', encoding_format: 'float' }),
    );
    expect(replies.map(({ status }) => status)).toEqual(Array(3).fill('HTTP/1.1 200 OK'));
    const [check, insert, search] = replies.map(({ body }) => body as Reply);
    expect(check!.data.map(({ embedding }) => embedding.length)).toEqual([64]);
    expect(insert!.data.map(({ index }) => index)).toEqual(rows.map((_, i) => i));
    expect(float32(insert!.data.map(({ embedding }) => embedding))).toEqual(await expected(rows, 64));
    expect(float32(search!.data.map(({ embedding }) => embedding))).toEqual(await expected([rows[5]!]));
    expect(insert).toMatchObject({
      object: 'list',
      model: 'minilm',
      usage: { total_tokens: expect.any(Number) },
    });
  });

  it('gets an error that names the model if the server lacks it', async () => {
    const [reply] = await exchange(
      goRequest('/v1/embeddings', goJson({ model: 'other', input: [CHECK], encoding_format: 'float' })),
    );
    expect(reply).toMatchObject({
      status: 'HTTP/1.1 404 Not Found',
      body: { error: { code: 'model_not_found', message: expect.stringContaining('minilm') } },
    });
  });
});
