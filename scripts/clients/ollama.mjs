import assert from 'node:assert/strict';
import { Ollama } from 'ollama';
import { assertNearRows, check, finish, rows, texts, url } from './checks.mjs';

const client = new Ollama({ host: url });

await check('ollama embeds', async () => {
  const reply = await client.embed({ model: 'minilm', input: texts });
  assertNearRows(reply.embeddings);
  assert.ok(reply.prompt_eval_count > 0);
});
await check('ollama embeds one prompt', async () => {
  assertNearRows([(await client.embeddings({ model: 'minilm', prompt: texts[0] })).embedding], [rows[0]]);
});
await check('ollama lists, shows and versions', async () => {
  const { models } = await client.list();
  assert.ok(models.some(({ name }) => name === 'minilm'));
  assert.deepEqual((await client.show({ model: 'minilm' })).capabilities, ['embedding']);
  assert.match((await client.version()).version, /^\d/);
});
await check('ollama reads errors', async () => {
  await assert.rejects(client.embed({ model: 'unknown', input: 'x' }), /not found/);
});
finish();
