import { inProcessFetch } from '@model2vec-ts/integrations/openai';
import OpenAI from 'openai';
import OpenAI4 from 'openai4';
import { assertRows, check, finish, texts } from './checks.mjs';
import { embedder } from './embedder.mjs';

for (const [name, Client] of [
  ['openai 7', OpenAI],
  ['openai 4', OpenAI4],
]) {
  await check(`${name} embeds in process, under any model's name`, async () => {
    // No server has this address.
    const client = new Client({
      apiKey: 'unused',
      baseURL: 'http://127.0.0.1:1/v1',
      fetch: inProcessFetch(embedder),
    });
    const { data } = await client.embeddings.create({ model: 'text-embedding-3-small', input: texts });
    assertRows(data.map(({ embedding }) => embedding));
  });
}
finish();
