import { describe, expect, it } from 'vitest';
import { expected, float32, get, post, testServer } from '../fixtures/server.js';

const server = testServer();
const text = 'Alan Turing was "born" in London. é';

describe('Weaviate', () => {
  it.each(['/vectors', '/vectors/'])("answers the module's request at %s", async (path) => {
    // Its client also sends the fields of its own response, and no content type.
    const body = {
      text,
      dims: 0,
      vector: null,
      error: '',
      config: { pooling_strategy: 'masked_mean', task_type: 'passage', dimensions: null },
    };
    const reply = (await (await post(server, path, body)).json()) as { vector: number[] };
    expect(float32([reply.vector])).toEqual(await expected([text]));
    expect(reply).toMatchObject({ text, dim: 256, dims: 256 });
  });

  it('keeps the first dimensions if the class asks for it', async () => {
    const reply = (await (await post(server, '/vectors', { text, config: { dimensions: 16 } })).json()) as {
      vector: number[];
    };
    expect(float32([reply.vector])).toEqual(await expected([text], 16));
  });

  it('embeds an empty text as zeros', async () => {
    const reply = (await (await post(server, '/vectors', { text: '' })).json()) as { vector: number[] };
    expect(reply.vector).toEqual(new Array(256).fill(0));
  });

  it('answers 50 requests at once with the same vector', async () => {
    const replies = await Promise.all(
      Array.from({ length: 50 }, async () => (await post(server, '/vectors', { text })).text()),
    );
    expect(new Set(replies).size).toBe(1);
  });

  it('shows that it runs, and its model', async () => {
    expect((await get(server, '/.well-known/live')).status).toBe(204);
    expect((await get(server, '/.well-known/ready')).status).toBe(204);
    expect(await (await get(server, '/meta')).json()).toMatchObject({ model_name: 'minilm', dim: 256 });
  });

  it.each([[{}], [{ text: 3 }], [{ text, config: [] }], [{ text, config: { dimensions: -1 } }]])(
    'refuses %j',
    async (body) => {
      const response = await post(server, '/vectors', body);
      expect([response.status, await response.json()]).toEqual([400, { error: expect.any(String) }]);
    },
  );
});
