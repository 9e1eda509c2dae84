import assert from 'node:assert/strict';
import { embeddingModel } from '@model2vec-ts/integrations/ai-sdk';
import * as ai5 from 'ai5';
import * as ai6 from 'ai6';
import * as ai7 from 'ai7';
import { assertRows, check, finish, rows, texts } from './checks.mjs';
import { embedder } from './embedder.mjs';

globalThis.AI_SDK_LOG_WARNINGS = false;
const TAKEN = [
  ['AI SDK 5', ai5, ['v2']],
  ['AI SDK 6', ai6, ['v2', 'v3']],
  ['AI SDK 7', ai7, ['v2', 'v3', 'v4']],
];

for (const [name, { embed, embedMany }, versions] of TAKEN) {
  for (const specificationVersion of versions) {
    const model = embeddingModel(embedder, { specificationVersion });
    await check(`${name} embeds with a model of ${specificationVersion}`, async () => {
      const { embeddings, usage } = await embedMany({ model, values: texts });
      assertRows(embeddings);
      assert.equal(usage.tokens, embedder.tokenize(texts).ids.length);
      assertRows([(await embed({ model, value: texts[0] })).embedding], [rows[0]]);
    });
  }
}
await check('the default is v3', () => assert.equal(embeddingModel(embedder).specificationVersion, 'v3'));
finish();
