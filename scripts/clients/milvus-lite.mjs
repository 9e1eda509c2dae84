import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMilvusLite } from '@model2vec-ts/milvus-adapter';
import { DataType, FunctionType, MilvusClient } from '@zilliz/milvus2-sdk-node';
import { assertRows, check, finish, rows, texts, url } from './checks.mjs';

const folder = mkdtempSync(join(tmpdir(), 'milvus-lite-'));
const lite = await startMilvusLite(join(folder, 'store.db'), {
  python: process.env.M2V_CLIENTS_PYTHON,
  startTimeoutMs: 180_000,
});
const client = new MilvusClient({ address: lite.address });
await client.connectPromise;
const collection_name = 'texts';

const ok = (reply) =>
  assert.equal((reply.status ?? reply).error_code, 'Success', JSON.stringify(reply.status ?? reply));

await check('Milvus Lite embeds what the Node SDK inserts', async () => {
  ok(
    await client.createCollection({
      collection_name,
      fields: [
        { name: 'id', data_type: DataType.Int64, is_primary_key: true },
        { name: 'text', data_type: DataType.VarChar, max_length: 1000 },
        { name: 'vector', data_type: DataType.FloatVector, dim: rows[0].length },
      ],
      functions: [
        {
          name: 'embed',
          type: FunctionType.TEXTEMBEDDING,
          input_field_names: ['text'],
          output_field_names: ['vector'],
          params: { provider: 'openai', base_url: `${url}/v1`, api_key: 'unused', model_name: 'minilm' },
        },
      ],
      index_params: [{ field_name: 'vector', index_type: 'FLAT', metric_type: 'COSINE' }],
    }),
  );
  ok(await client.insert({ collection_name, data: texts.map((text, id) => ({ id, text })) }));
  ok(await client.loadCollectionSync({ collection_name }));
  const { data } = await client.query({
    collection_name,
    filter: 'id >= 0',
    output_fields: ['id', 'vector'],
  });
  assertRows(
    data.sort((a, b) => a.id - b.id).map(({ vector }) => vector),
    rows,
    1e-7,
  );
});
await check('Milvus Lite embeds the text of a search', async () => {
  const { results } = await client.search({
    collection_name,
    data: [texts[2]],
    anns_field: 'vector',
    limit: 1,
    output_fields: ['text'],
  });
  assert.equal(results[0].text, texts[2]);
});
await client.closeConnection();
await lite.stop();
rmSync(folder, { recursive: true, force: true });
finish();
