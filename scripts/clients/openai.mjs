import assert from 'node:assert/strict';
import OpenAI from 'openai';
import OpenAI4 from 'openai4';
import { assertNearRows, assertRows, check, finish, rows, texts, url } from './checks.mjs';

for (const [name, Client] of [
  ['openai 7', OpenAI],
  ['openai 4', OpenAI4],
]) {
  const client = new Client({ baseURL: `${url}/v1`, apiKey: 'unused', maxRetries: 0 });
  const vectors = (reply) => reply.data.map(({ embedding }) => embedding);
  // Without a format the client asks for base64 and decodes it.
  await check(`${name} embeds to the bit`, async () => {
    const reply = await client.embeddings.create({ model: 'minilm', input: texts });
    assertRows(vectors(reply));
    assert.ok(reply.usage.total_tokens > 0);
  });
  await check(`${name} embeds as floats`, async () => {
    const reply = await client.embeddings.create({ model: 'minilm', input: texts, encoding_format: 'float' });
    assertNearRows(vectors(reply));
  });
  await check(`${name} embeds one text`, async () => {
    assertRows(vectors(await client.embeddings.create({ model: 'minilm', input: texts[0] })), [rows[0]]);
  });
  await check(`${name} lists models`, async () => {
    const ids = [];
    for await (const { id } of client.models.list()) ids.push(id);
    assert.ok(ids.includes('minilm'));
    assert.equal((await client.models.retrieve('minilm')).id, 'minilm');
  });
  await check(`${name} reads errors`, async () => {
    const unknown = client.embeddings.create({ model: 'unknown', input: 'x' });
    await assert.rejects(unknown, (error) => {
      assert.equal(error.status, 404);
      assert.equal(error.code, 'model_not_found');
      return error instanceof Client.NotFoundError;
    });
    await assert.rejects(client.embeddings.create({ model: 'minilm', input: [] }), Client.BadRequestError);
  });
}
finish();
