import { describe, expect, it } from 'vitest';
import { embedder, expected, float32, get, post, testServer } from '../fixtures/server.js';

const server = testServer();
const texts = ['Alan Turing was born in London.', 'Milvus stores vectors.'];

describe('Ollama', () => {
  it("embeds texts with the facade's bits and counts tokens", async () => {
    const response = await post(server, '/api/embed', { model: 'minilm:latest', input: texts, options: {} });
    const reply = (await response.json()) as { embeddings: number[][] };
    expect(float32(reply.embeddings)).toEqual(await expected(texts));
    expect(reply).toMatchObject({
      model: 'minilm',
      load_duration: 0,
      prompt_eval_count: embedder.tokenizer.encodeBatch(texts).ids.length,
    });
  });

  it('embeds one text, and keeps the first dimensions', async () => {
    const one = await post(server, '/api/embed', { model: 'minilm', input: texts[0], dimensions: 8 });
    expect(float32(((await one.json()) as { embeddings: number[][] }).embeddings)).toEqual(
      await expected([texts[0]!], 8),
    );
    const old = await post(server, '/api/embeddings', { model: 'minilm', prompt: texts[0] });
    expect(float32([((await old.json()) as { embedding: number[] }).embedding])).toEqual(
      await expected([texts[0]!]),
    );
  });

  it('answers an empty input with no embeddings, as clients send it to load a model', async () => {
    for (const input of ['', []]) {
      const response = await post(server, '/api/embed', { model: 'minilm', input });
      expect(await response.json()).toMatchObject({ embeddings: [] });
    }
  });

  it('lists and describes models', async () => {
    const tags = (await (await get(server, '/api/tags')).json()) as { models: { name: string }[] };
    expect(tags.models.map(({ name }) => name)).toEqual(['minilm', 'text-embedding-3-small', 'org/name']);
    expect(await (await post(server, '/api/show', { model: 'minilm' })).json()).toMatchObject({
      capabilities: ['embedding'],
      model_info: { 'model2vec.embedding_length': 256 },
    });
    expect(await (await get(server, '/api/version')).json()).toMatchObject({ version: expect.any(String) });
  });

  it.each([
    [{ input: 'x' }, 400],
    [{ model: 'none', input: 'x' }, 404],
    [{ model: 'minilm' }, 400],
    [{ model: 'minilm', input: 3 }, 400],
    [{ model: 'minilm', input: 'word '.repeat(700), truncate: false }, 400],
    ['no json', 400],
  ])('refuses %j with status %d', async (body, status) => {
    const response = await post(server, '/api/embed', body);
    expect([response.status, await response.json()]).toEqual([status, { error: expect.any(String) }]);
  });

  it('reports unknown paths in its own format', async () => {
    const response = await post(server, '/api/chat', { model: 'minilm' });
    expect([response.status, await response.json()]).toEqual([404, { error: expect.any(String) }]);
  });
});
