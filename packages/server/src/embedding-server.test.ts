import { describe, expect, it } from 'vitest';
import { embedder, expected, float32, get, post, testServer } from './fixtures/server.js';
import { createEmbeddingServer, type RequestRecord, ServerError } from './index.js';

const body = { input: 'a text', model: 'minilm' };

describe('API keys', () => {
  const server = testServer({ apiKeys: ['first key', 'second'] });

  it.each([
    [{ authorization: 'Bearer first key' }, 200],
    [{ authorization: 'bearer second' }, 200],
    [{ 'api-key': 'second' }, 200],
    [{ 'x-api-key': 'second' }, 200],
    [{}, 401],
    [{ authorization: 'Bearer' }, 401],
    [{ authorization: 'Bearer firs' }, 401],
    [{ authorization: 'Bearer first key ' }, 200],
    [{ authorization: 'Bearer first keys' }, 401],
    [{ 'api-key': '' }, 401],
  ])('in %j give status %d', async (headers, status) => {
    expect((await post(server, '/v1/embeddings', body, headers as Record<string, string>)).status).toBe(
      status,
    );
  });

  it('guard every path but probes, metrics and the description', async () => {
    for (const path of ['/v1/models', '/info', '/api/tags', '/meta']) {
      const response = await get(server, path);
      expect([path, response.status, response.headers.get('www-authenticate')]).toEqual([
        path,
        401,
        'Bearer',
      ]);
    }
    for (const path of ['/health', '/ping', '/metrics', '/', '/docs', '/openapi.json', '/.well-known/live']) {
      expect([path, (await get(server, path)).status < 300]).toEqual([path, true]);
    }
  });
});

describe('many requests at once', () => {
  it('are refused with 429 and Retry-After beyond the queue, and accepted ones are answered', async () => {
    const server = testServer({ limits: { queuedTexts: 20 } });
    const texts = Array.from({ length: 8 }, (_, i) => `text ${i}`);
    const responses = await Promise.all(
      Array.from({ length: 40 }, () => post(server, '/v1/embeddings', { input: texts })),
    );
    const statuses = responses.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200, 429]));
    for (const response of responses) {
      if (response.status === 429)
        expect(Number(response.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      else expect(((await response.json()) as { data: unknown[] }).data.length).toBe(8);
    }
    expect((await post(server, '/v1/embeddings', { input: texts })).status).toBe(200);
  });

  it('are refused with 429 beyond their limit', async () => {
    const server = testServer({ limits: { activeRequests: 2 } });
    const responses = await Promise.all(
      Array.from({ length: 6 }, () => post(server, '/embed', { inputs: 'x' })),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([200, 200, 429, 429, 429, 429]);
  });

  it('are embedded in one call if they arrive together', async () => {
    const server = testServer();
    await Promise.all(Array.from({ length: 16 }, (_, i) => post(server, '/embed', { inputs: `text ${i}` })));
    const metrics = await (await get(server, '/metrics')).text();
    expect(metrics).toContain('m2v_batch_requests_count{model="minilm"} 1\n');
    expect(metrics).toContain('m2v_batch_requests_sum{model="minilm"} 16\n');
  });

  it('get their own rows, whatever is embedded together', async () => {
    const server = testServer();
    const inputs = Array.from({ length: 60 }, (_, i) =>
      Array.from({ length: (i % 7) * 40 + 1 }, (_, j) => `request ${i} text ${j}`),
    );
    const replies = await Promise.all(
      inputs.map(async (texts, i) =>
        (await post(server, '/embed', { inputs: texts, normalize: i % 2 === 0 })).json(),
      ),
    );
    for (const [i, texts] of inputs.entries()) {
      const matrix = await embedder.encode(texts, { normalize: i % 2 === 0 });
      expect(float32(replies[i] as number[][])).toEqual([...matrix].map((row) => [...row]));
    }
  });

  it('fail only for the request at fault', async () => {
    const server = testServer();
    const responses = await Promise.all([
      post(server, '/embed', { inputs: 'word '.repeat(600), truncate: false }),
      post(server, '/embed', { inputs: 'fine', truncate: false }),
      post(server, '/embed', { inputs: [[4_000_000_000]] }),
      post(server, '/embed', { inputs: 'also fine' }),
    ]);
    expect(responses.map(({ status }) => status)).toEqual([413, 200, 422, 200]);
    expect(float32((await responses[3]!.json()) as number[][])).toEqual(await expected(['also fine']));
  });

  it('time out with 503 after a long wait', async () => {
    const server = testServer({ limits: { timeoutMs: 1 } });
    const texts = Array.from({ length: 2000 }, (_, i) => `text ${i} ${'word '.repeat(50)}`);
    const statuses = (
      await Promise.all(Array.from({ length: 4 }, () => post(server, '/embed', { inputs: texts })))
    ).map(({ status }) => status);
    expect(statuses).toContain(503);
  });

  it('are skipped if their client has gone', async () => {
    const records: RequestRecord[] = [];
    const server = testServer({ onRequest: (record) => records.push(record) });
    const aborted = new AbortController();
    const inputs = Array.from({ length: 2000 }, () => 'word '.repeat(400));
    const request = new Request('http://localhost/embed', {
      method: 'POST',
      body: JSON.stringify({ inputs }),
      signal: aborted.signal,
    });
    const call = server.fetch(request);
    aborted.abort();
    expect((await call).status).toBe(499);
    expect(records).toMatchObject([{ error: 'aborted' }]);
  });

  it('are refused if they have too many tokens', async () => {
    const server = testServer({ limits: { tokens: 100 } });
    const inputs = Array.from({ length: 300 }, () => 'one two three');
    expect((await post(server, '/embed', { inputs })).status).toBe(413);
    expect((await post(server, '/embed', { inputs: inputs.slice(0, 30) })).status).toBe(200);
  });
});

describe('request records', () => {
  it('contain facts but no texts and no keys', async () => {
    const records: RequestRecord[] = [];
    const server = testServer({ apiKeys: ['secret-key'], onRequest: (record) => records.push(record) });
    const headers = { authorization: 'Bearer secret-key', 'x-request-id': 'abc-1' };
    await post(server, '/v1/embeddings', { input: ['secret text', 'more'] }, headers);
    await post(server, '/v1/embeddings', { input: [{ a: 'secret' }] }, headers);
    await get(server, '/secret-path');
    expect(records).toMatchObject([
      { requestId: 'abc-1', route: '/v1/embeddings', status: 200, model: 'minilm', texts: 2, method: 'POST' },
      { route: '/v1/embeddings', status: 400, error: 'invalid-argument' },
      { route: 'other', status: 404, error: 'not-found' },
    ]);
    expect(JSON.stringify(records)).not.toContain('secret');
  });
});

describe('pages of other origins', () => {
  it('may call the server only if allowed', async () => {
    const server = testServer({ corsOrigins: ['https://example.com'] });
    const allowed = await post(server, '/embed', { inputs: 'x' }, { origin: 'https://example.com' });
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://example.com');
    const other = await post(server, '/embed', { inputs: 'x' }, { origin: 'https://example.org' });
    expect(other.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await server.fetch(
      new Request('http://localhost/embed', {
        method: 'OPTIONS',
        headers: { origin: 'https://example.com', 'access-control-request-method': 'POST' },
      }),
    );
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'https://example.com',
    ]);
    const closed = await post(testServer(), '/embed', { inputs: 'x' }, { origin: 'https://example.com' });
    expect(closed.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('createEmbeddingServer', () => {
  it.each([
    [{ models: [] }, 'models'],
    [{ models: [{ name: '', embedder }] }, 'models'],
    [{ models: [{ name: 'a', embedder, aliases: ['a'] }] }, 'a twice'],
    [{ models: [{ name: 'a', embedder }], apiKeys: [''] }, 'apiKeys'],
    [{ models: [{ name: 'a', embedder }], limits: { texts: 0 } }, 'limits.texts'],
    [{ models: [{ name: 'a', embedder }], limits: { text: 1 } }, 'limits.text'],
    [{ models: [{ name: 'a', embedder }], corsOrigins: ['example.com'] }, 'corsOrigins'],
  ])('refuses wrong options: %#', (options, message) => {
    const make = () => createEmbeddingServer(options as never);
    expect(make).toThrow(ServerError);
    expect(make).toThrow(message);
  });

  it('serves several models', async () => {
    const { Model2VecEmbeddingFunction } = await import('@model2vec-ts/embedding-function');
    const { minilmL6 } = await import('@model2vec-ts/model-minilm-l6');
    const small = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, dimensionality: 32 });
    const server = createEmbeddingServer({
      models: [
        { name: 'large', embedder },
        { name: 'small', embedder: small },
      ],
    });
    for (const [model, dim] of [
      ['large', 256],
      ['small', 32],
    ] as const) {
      const reply = (await (await post(server, '/v1/embeddings', { input: 'x', model })).json()) as {
        data: { embedding: number[] }[];
        model: string;
      };
      expect([reply.model, reply.data[0]!.embedding.length]).toEqual([model, dim]);
    }
    await small.close();
    expect((await get(server, '/health')).status).toBe(503);
  });

  it('answers to any model name if asked', async () => {
    const server = testServer({ anyModel: true });
    expect((await post(server, '/v1/embeddings', { input: 'x', model: 'unknown' })).status).toBe(200);
  });

  it('answers GET / with a page for browsers and a line of text for programs', async () => {
    const server = testServer();
    const page = await get(server, '/', { accept: 'text/html,*/*' });
    expect(page.headers.get('content-type')).toContain('text/html');
    expect(await (await get(server, '/')).text()).toBe('model2vec-ts is running');
    expect((await server.fetch(new Request('http://localhost/', { method: 'HEAD' }))).status).toBe(200);
  });
});
