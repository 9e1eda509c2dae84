import { describe, expect, it } from 'vitest';
import { embedder, expected, float32, fromBase64, get, post, testServer } from '../fixtures/server.js';

interface Reply {
  readonly data: readonly { readonly index: number; readonly embedding: number[] & string }[];
  readonly model: string;
  readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

const server = testServer();
const texts = ['Alan Turing was born in London.', 'naïve café 日本語', 'Milvus stores vectors.'];

async function embeddings(body: object): Promise<Reply> {
  const response = await post(server, '/v1/embeddings', body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('application/json');
  return response.json() as Promise<Reply>;
}

async function failure(body: unknown): Promise<unknown> {
  const response = await post(server, '/v1/embeddings', body);
  return { status: response.status, ...((await response.json()) as object) };
}

describe('POST /v1/embeddings', () => {
  it("gives the facade's bits as float and as base64, for one text and for several", async () => {
    const rows = await expected(texts);
    const floats = await embeddings({ input: texts, model: 'minilm' });
    expect(float32(floats.data.map(({ embedding }) => embedding))).toEqual(rows);
    const base64 = await embeddings({ input: texts, model: 'minilm', encoding_format: 'base64' });
    expect(base64.data.map(({ embedding }) => fromBase64(embedding))).toEqual(rows);
    expect(base64.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    const one = await embeddings({ input: texts[0], model: 'minilm' });
    expect(float32([one.data[0]!.embedding])).toEqual([rows[0]]);
  });

  it('takes token ids of one text and of several', async () => {
    const ids = texts.map((text) => [...embedder.tokenizer.encode(text)]);
    const several = await embeddings({ input: ids });
    expect(float32(several.data.map(({ embedding }) => embedding))).toEqual(await expected(texts));
    const one = await embeddings({ input: ids[1] });
    expect(float32([one.data[0]!.embedding])).toEqual(await expected([texts[1]!]));
    expect(one.usage.prompt_tokens).toBe(ids[1]!.length);
  });

  it('counts the tokens exactly', async () => {
    const { usage } = await embeddings({ input: texts });
    const tokens = embedder.tokenizer.encodeBatch(texts).ids.length;
    expect(usage).toEqual({ prompt_tokens: tokens, total_tokens: tokens });
    const long = await embeddings({ input: 'word '.repeat(2000) });
    expect(long.usage.prompt_tokens).toBe(embedder.maxLength);
  });

  it('keeps the first dimensions, of unit length', async () => {
    const reply = await embeddings({ input: texts, dimensions: 64 });
    const rows = reply.data.map(({ embedding }) => embedding);
    expect(float32(rows)).toEqual(await expected(texts, 64));
    expect(Math.hypot(...rows[0]!)).toBeCloseTo(1, 6);
  });

  it('gives raw float32 to clients that ask for it', async () => {
    const headers = { accept: 'application/octet-stream' };
    const response = await post(server, '/v1/embeddings', { input: texts }, headers);
    expect(response.headers.get('x-embedding-rows')).toBe('3');
    expect(response.headers.get('x-embedding-dim')).toBe(String(embedder.dim));
    const values = new Float32Array(await response.arrayBuffer());
    expect([...values]).toEqual((await expected(texts)).flat());
  });

  it('accepts aliases, answers with the name of the model, and needs no name', async () => {
    expect((await embeddings({ input: 'x', model: 'text-embedding-3-small' })).model).toBe('minilm');
    expect((await embeddings({ input: 'x', model: 'minilm:latest' })).model).toBe('minilm');
    expect((await embeddings({ input: 'x' })).model).toBe('minilm');
  });

  it.each([
    [{ model: 'minilm' }, 400, 'input'],
    [{ input: '' }, 400, 'input'],
    [{ input: [] }, 400, 'input'],
    [{ input: ['a', ''] }, 400, 'input[1]'],
    [{ input: ['a', 1] }, 400, 'input[1]'],
    [{ input: [1, 'a'] }, 400, 'input[1]'],
    [{ input: [[1], 2] }, 400, 'input[1]'],
    [{ input: [1.5] }, 400, 'input[0]'],
    [{ input: [-1] }, 400, 'input[0]'],
    [{ input: [[]] }, 400, 'input[0]'],
    [{ input: [null] }, 400, 'input[0]'],
    [{ input: { a: 1 } }, 400, 'input'],
    [{ input: 'x', model: 3 }, 400, 'model'],
    [{ input: 'x', model: 'gpt-4' }, 404, 'model'],
    [{ input: 'x', dimensions: 0 }, 400, 'dimensions'],
    [{ input: 'x', dimensions: 257 }, 400, 'dimensions'],
    [{ input: 'x', dimensions: '3' }, 400, 'dimensions'],
    [{ input: 'x', encoding_format: 'int8' }, 400, 'encoding_format'],
    [{ input: [4_000_000_000] }, 400, null],
    [{ input: Array.from({ length: 2049 }, () => 'x') }, 400, 'input'],
    ['{', 400, null],
    ['', 400, null],
    ['[]', 400, null],
  ])('refuses %j with status %d and names %s', async (body, status, param) => {
    const reply = await failure(body);
    expect(reply).toMatchObject({
      status,
      error: { param, type: 'invalid_request_error', message: expect.any(String) },
      message: expect.any(String),
    });
  });

  it('refuses a request of too many bytes before it parses them', async () => {
    const small = testServer({ limits: { bodyBytes: 100 } });
    const response = await post(small, '/v1/embeddings', { input: 'x'.repeat(100) });
    expect(response.status).toBe(413);
    const stream = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(60)));
      },
    });
    const request = new Request('http://localhost/v1/embeddings', {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as RequestInit);
    expect((await small.fetch(request)).status).toBe(413);
  });

  it('never quotes a text in an error', async () => {
    for (const body of [
      { input: ['a', { secret: 1 }] },
      '{"input": "secret',
      { input: 'x', model: 'secret' },
    ]) {
      const response = await post(server, '/v1/embeddings', body);
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(await response.text()).not.toContain('secret');
    }
  });
});

describe('GET /v1/models', () => {
  it('lists names and aliases', async () => {
    const reply = await (await get(server, '/v1/models')).json();
    expect(reply).toMatchObject({ object: 'list' });
    expect((reply as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual([
      'minilm',
      'text-embedding-3-small',
      'org/name',
    ]);
  });

  it('describes one model, whose name may contain a slash', async () => {
    expect(await (await get(server, '/v1/models/org/name')).json()).toMatchObject({ id: 'org/name' });
    for (const name of ['nothing', '%0D%7F', 'a%2Fb%0A']) {
      expect((await get(server, `/v1/models/${name}`)).status).toBe(404);
    }
  });
});
