import { describe, expect, it } from 'vitest';
import { embedder, expected, float32, get, post, testServer } from '../fixtures/server.js';

const server = testServer();
const texts = ['Alan Turing was born in London.', 'naïve café 日本語'];

async function reply(path: string, body: unknown): Promise<unknown> {
  const response = await post(server, path, body);
  expect(response.status).toBe(200);
  return response.json();
}

describe.each(['/embed', '/'])('POST %s', (path) => {
  it("gives the facade's bits", async () => {
    expect(float32((await reply(path, { inputs: texts })) as number[][])).toEqual(await expected(texts));
    expect(float32((await reply(path, { inputs: texts[0] })) as number[][])).toEqual(
      await expected([texts[0]!]),
    );
  });

  it('takes the exact body that Milvus sends', async () => {
    const body = { inputs: texts, truncate: true, truncation_direction: 'Right' };
    expect(float32((await reply(path, body)) as number[][])).toEqual(await expected(texts));
  });

  it('normalises if asked', async () => {
    const raw = (await reply(path, { inputs: texts, normalize: false })) as number[][];
    const matrix = await embedder.encode(texts, { normalize: false });
    expect(float32(raw)).toEqual([...matrix].map((row) => [...row]));
  });

  it('keeps the first dimensions, and takes token ids', async () => {
    const inputs = texts.map((text) => [...embedder.tokenizer.encode(text)]);
    const rows = (await reply(path, { inputs, dimensions: 10 })) as number[][];
    expect(float32(rows)).toEqual(await expected(texts, 10));
  });
});

describe('truncation', () => {
  const long = `first ${'word '.repeat(700)}last`;

  it('cuts at the right, or at the left on request', async () => {
    const ids = embedder.tokenizer.encode(long);
    const limit = embedder.maxLength ?? 0;
    const left = await reply('/embed', { inputs: long, truncate: true, truncation_direction: 'left' });
    expect(left).toEqual(await reply('/embed', { inputs: [...ids.slice(-limit)] }));
    const right = await reply('/embed', { inputs: long });
    expect(float32(right as number[][])).toEqual(await expected([long]));
    expect(right).not.toEqual(left);
  });

  it('is refused with status 413 if the client forbids it', async () => {
    const response = await post(server, '/embed', { inputs: long, truncate: false });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({
      error: 'inputs must have at most 512 tokens; found 702',
      error_type: 'Validation',
    });
  });
});

describe('POST /embed_all', () => {
  it('gives a vector for each known token', async () => {
    const matrices = (await reply('/embed_all', { inputs: texts })) as number[][][];
    const sequences = await embedder.encodeAsSequence(texts);
    expect(matrices.map(float32)).toEqual(sequences.map((matrix) => [...matrix].map((row) => [...row])));
  });

  it('bounds the size of the response', async () => {
    const response = await post(server, '/embed_all', {
      inputs: Array.from({ length: 100 }, () => 'word '.repeat(600)),
    });
    expect(response.status).toBe(413);
  });
});

describe('POST /similarity', () => {
  it.each(['/similarity', '/'])('compares sentences at %s', async (path) => {
    const sentences = ['I forgot my password', 'The weather is nice'];
    const inputs = { source_sentence: 'How do I reset my password?', sentences };
    const [near, far] = (await reply(path, { inputs })) as [number, number];
    const [source, first] = await expected([inputs.source_sentence, sentences[0]!]);
    expect(near).toBeCloseTo(
      source!.reduce((sum, x, i) => sum + x * first![i]!, 0),
      5,
    );
    expect(near).toBeGreaterThan(far);
  });
});

describe('POST /tokenize', () => {
  it('gives ids and tokens', async () => {
    const [tokens] = (await reply('/tokenize', { inputs: 'Alan Turing' })) as {
      id: number;
      text: string;
    }[][];
    expect(tokens!.map(({ id }) => id)).toEqual([...embedder.tokenizer.encode('Alan Turing')]);
    expect(tokens!.map(({ text }) => text)).toEqual(['alan', 'turing']);
  });
});

describe('POST /decode', () => {
  it('gives the texts of token ids, without special tokens unless asked', async () => {
    const ids = [...embedder.tokenizer.encode('Can we decode embeddings?')];
    const special = embedder.tokenizer.tokenToId('[PAD]')!;
    expect(await reply('/decode', { ids: [...ids, special] })).toEqual(['can we decode embeddings?']);
    expect(await reply('/decode', { ids: [ids, [special], []], skip_special_tokens: false })).toEqual([
      'can we decode embeddings?',
      '[PAD]',
      '',
    ]);
  });
});

describe('errors', () => {
  it.each([
    ['/decode', {}, 422, 'Validation'],
    ['/decode', { ids: 'x' }, 422, 'Validation'],
    ['/decode', { ids: ['x'] }, 422, 'Validation'],
    ['/decode', { ids: [] }, 400, 'Empty'],
    ['/decode', { ids: [1], skip_special_tokens: 1 }, 422, 'Validation'],
    ['/decode', { ids: Array.from({ length: 2049 }, () => [1]) }, 413, 'Validation'],
    ['/embed', {}, 422, 'Validation'],
    ['/embed', { inputs: '' }, 400, 'Empty'],
    ['/embed', { inputs: [] }, 400, 'Empty'],
    ['/embed', { inputs: 'x', prompt_name: 'query' }, 422, 'Validation'],
    ['/embed', { inputs: 'x', truncation_direction: 'up' }, 422, 'Validation'],
    ['/embed', { inputs: 'x', normalize: 'yes' }, 422, 'Validation'],
    ['/embed', { inputs: Array.from({ length: 2049 }, () => 'x') }, 413, 'Validation'],
    ['/embed', '{', 400, 'Validation'],
    ['/embed', { inputs: 'x', model: 'none' }, 404, 'Validation'],
    ['/similarity', { inputs: 'x' }, 422, 'Validation'],
    ['/similarity', { inputs: { source_sentence: 'x', sentences: [] } }, 400, 'Empty'],
    ['/embed', { inputs: [4_000_000_000] }, 422, 'Validation'],
    ['/embed_all', { inputs: [1, 4_000_000_000] }, 422, 'Validation'],
    ['/tokenize', { inputs: [1] }, 422, 'Validation'],
    ['/rerank', { query: 'x' }, 404, 'Validation'],
  ])('of %s with %j have status %d and type %s', async (path, body, status, type) => {
    const response = await post(server, path, body);
    expect([response.status, await response.json()]).toEqual([
      status,
      { error: expect.any(String), error_type: type },
    ]);
  });
});

describe('GET', () => {
  it('/info describes the model', async () => {
    expect(await (await get(server, '/info')).json()).toMatchObject({
      model_id: 'minilm',
      model_type: { embedding: { pooling: 'mean' } },
      max_input_length: 512,
      max_client_batch_size: 2048,
    });
  });

  it('/health embeds, and fails once the server is shutting down', async () => {
    const stopping = testServer();
    expect((await get(stopping, '/health')).status).toBe(200);
    stopping.startShutdown();
    expect((await get(stopping, '/health')).status).toBe(503);
    expect((await get(stopping, '/.well-known/ready')).status).toBe(503);
    expect((await post(stopping, '/embed', { inputs: 'x' })).status).toBe(200);
  });

  it('/metrics counts requests, texts and tokens', async () => {
    const counted = testServer();
    await post(counted, '/embed', { inputs: texts });
    await post(counted, '/embed', { inputs: [] });
    const text = await (await get(counted, '/metrics')).text();
    expect(text).toContain('m2v_requests_total{route="/embed",method="POST",status="200"} 1\n');
    expect(text).toContain('m2v_requests_total{route="/embed",method="POST",status="400"} 1\n');
    expect(text).toContain('m2v_request_errors_total{reason="empty-input"} 1\n');
    expect(text).toContain('m2v_texts_total{model="minilm"} 2\n');
    expect(text).toContain(
      `m2v_tokens_total{model="minilm"} ${embedder.tokenizer.encodeBatch(texts).ids.length}\n`,
    );
    expect(text).toMatch(/m2v_request_duration_seconds_bucket\{route="\/embed",le="\+Inf"\} 2\n/);
  });

  it('of a path that takes POST explains that', async () => {
    const response = await get(server, '/embed');
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });
});
