// Behaviour of @zilliz/milvus2-sdk-node itself. sdk-traps.test.ts checks that this package hides each of these traps;
// the tests here show that the traps exist. When one fails, the SDK has fixed something.
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import {
  BulkWriter,
  buildPlaceholderGroupBytes,
  ConsistencyLevelEnum,
  DataType,
  type FieldType,
  FunctionType,
  f32ArrayToBf16Bytes,
  f32ArrayToInt8Bytes,
  MilvusClient,
  PlaceholderType,
} from '@zilliz/milvus2-sdk-node';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { breakingProxy } from './support/breaking-proxy.js';
import { collectionName } from './support/collection-name.js';

const run = promisify(execFile);
const VECTOR = Float32Array.of(1, 2, 3, 4);
/** The SDK's types do not allow typed arrays for float32 vectors. */
const TYPED = VECTOR as unknown as number[];
const STRONG = { consistency_level: ConsistencyLevelEnum.Strong };

describe('the SDK without a server', () => {
  test('ends the process if the server does not answer', async () => {
    const program = `
      import { MilvusClient } from '@zilliz/milvus2-sdk-node';
      new MilvusClient({ address: '127.0.0.1:1', logLevel: 'error' });
      setTimeout(() => console.log('still here'), 20_000);
    `;
    const args = ['--input-type=module', '--eval', program];
    const failure = await run(process.execPath, args, { cwd: import.meta.dirname }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({ code: 1, stdout: '' });
  }, 60_000);

  test('cuts bfloat16', () => {
    // 1.0126953125 lies nearer to 1.015625 (3f82) than to 1.0078125 (3f81).
    expect(Buffer.from(f32ArrayToBf16Bytes([1.0126953125])).toString('hex')).toBe('813f');
  });

  test('sends the whole buffer of a view of int8', () => {
    expect(f32ArrayToInt8Bytes(Int8Array.of(1, 2, 3, 4, 5, 6).subarray(2, 4))).toHaveLength(6);
  });

  test('sends a Float32Array to a float16 field as it is', async () => {
    const client = new MilvusClient({ address: '127.0.0.1:1', logLevel: 'error' });
    client.connectPromise.catch(() => {});
    const field = { _placeholderType: PlaceholderType.Float16Vector } as unknown as Parameters<
      typeof buildPlaceholderGroupBytes
    >[2];
    const group = (vector: number[]): number =>
      buildPlaceholderGroupBytes(
        (client as unknown as { milvusProto: Parameters<typeof buildPlaceholderGroupBytes>[0] }).milvusProto,
        [vector],
        field,
      ).length;
    // Four values are eight bytes as float16; unconverted, protobuf sends four numbers as four bytes.
    expect(group([...VECTOR]) - group(TYPED)).toBe(4);
    await client.closeConnection();
  });

  test('writes files from lists of numbers only', async () => {
    const schema = {
      fields: [
        { name: 'id', data_type: DataType.Int64, is_primary_key: true },
        { name: 'v', data_type: DataType.FloatVector, dim: 4 },
      ],
    };
    const writer = new BulkWriter({ schema, format: 'json', localPath: tmpdir() } as never);
    await expect((async () => writer.append({ id: 1, v: VECTOR } as never))()).rejects.toThrow(/array/i);
  });
});

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'the SDK',
    () => sharedServer(kind),
    (server) => {
      let client: MilvusClient;
      /** Static, with a text `t`. */
      let plain: string;
      /** Dynamic. */
      let loose: string;
      beforeAll(async () => {
        client = new MilvusClient({ address: server.address, logLevel: 'error' });
        await client.connectPromise;
        plain = await create([{ name: 't', data_type: DataType.VarChar, max_length: 40 }]);
        loose = await create([], true);
      }, 60_000);
      afterAll(async () => {
        await client?.closeConnection();
      });

      type Fields = FieldType[];
      const create = async (more: Fields = [], dynamic = false): Promise<string> => {
        const name = collectionName();
        await client.createCollection({
          collection_name: name,
          enable_dynamic_field: dynamic,
          consistency_level: 'Strong',
          fields: [
            { name: 'id', data_type: DataType.Int64, is_primary_key: true },
            { name: 'v', data_type: DataType.FloatVector, dim: 4 },
            ...more,
          ],
        });
        await client.createIndex({
          collection_name: name,
          field_name: 'v',
          index_type: 'AUTOINDEX',
          metric_type: 'COSINE',
        });
        await client.loadCollectionSync({ collection_name: name });
        return name;
      };

      test('throws for typed arrays in a dynamic collection, and for bigints', async () => {
        const name = loose;
        await expect(client.insert({ collection_name: name, data: [{ id: 1, v: TYPED }] })).rejects.toThrow(
          /Spread syntax/,
        );
        const data = [{ id: 1, v: [...VECTOR], big: 1n as unknown as number }];
        await expect(client.insert({ collection_name: name, data })).rejects.toThrow(/BigInt/);
      });

      test('turns NaN in a dynamic field into null', async () => {
        const name = loose;
        await client.insert({ collection_name: name, data: [{ id: 2, v: [...VECTOR], n: Number.NaN }] });
        const { data } = await client.query({
          ...STRONG,
          collection_name: name,
          filter: 'id == 2',
          output_fields: ['n'],
        } as Parameters<MilvusClient['query']>[0]);
        expect(data[0]).toMatchObject({ $meta: { n: null } });
      });

      test('writes every insert as JSON for a log that is off', async () => {
        const name = plain;
        const stringify = vi.spyOn(JSON, 'stringify');
        try {
          await client.insert({ collection_name: name, data: [{ id: 4, t: 'x', v: [...VECTOR] }] });
          expect(stringify).toHaveBeenCalled();
        } finally {
          stringify.mockRestore();
        }
      });

      test('resolves for a wrong dimension', async () => {
        const name = plain;
        const { status, insert_cnt } = await client.insert({
          collection_name: name,
          data: [{ id: 5, t: 'x', v: [1, 2] }],
        });
        expect([status.error_code === 'Success', Number(insert_cnt)]).toEqual([false, 0]);
      });

      test('throws a TypeError for a search in a missing collection', async () => {
        await expect(client.search({ collection_name: 'nowhere', data: [...VECTOR] })).rejects.toThrow(
          TypeError,
        );
      });

      test('returns hits without an id unless the key is requested', async () => {
        const name = loose;
        await client.insert({ collection_name: name, data: [{ id: 3, v: [...VECTOR], n: 1 }] });
        const { results } = await client.search({
          ...STRONG,
          collection_name: name,
          data: [...VECTOR],
          output_fields: ['n'],
          filter: 'id == 3',
        });
        expect(results).toHaveLength(1);
        expect(results[0]).not.toHaveProperty('id');
      });

      test('yields nothing from its search iterator', async () => {
        const name = plain;
        await client.insert({ collection_name: name, data: [{ id: 6, t: 'x', v: [...VECTOR] }] });
        const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
        const iterator = await client.searchIterator({
          collection_name: name,
          data: [...VECTOR],
          batchSize: 10,
          limit: 10,
        });
        let found = 0;
        for await (const page of iterator as AsyncIterable<unknown[]>) found += page.length;
        expect(found).toBe(0);
        expect(complaint).toHaveBeenCalled();
        complaint.mockRestore();
      });

      test('resends an insert whose answer was lost', async () => {
        const name = plain;
        const proxy = await breakingProxy(server.address, 'lost-answer');
        const far = new MilvusClient({ address: proxy.address, logLevel: 'error' });
        await far.connectPromise;
        const data = [{ id: 7, v: [...VECTOR], t: 'lost-answer' }];
        const { insert_cnt } = await far.insert({ collection_name: name, data });
        expect([Number(insert_cnt), proxy.broken]).toEqual([1, 1]);
        const { data: counted } = await client.query({
          ...STRONG,
          collection_name: name,
          filter: 'id == 7',
          output_fields: ['count(*)'],
        } as Parameters<MilvusClient['query']>[0]);
        // On Milvus Lite an insert replaces the row of the same key, which hides this.
        expect(Number(counted[0]!['count(*)'])).toBe(kind === 'lite' ? 1 : 2);
        await far.closeConnection();
        await proxy.close();
      }, 60_000);

      if (kind === 'milvus') return;

      test('rejects with a value that is no Error', async () => {
        const fields: Fields = [
          { name: 'id', data_type: DataType.Int64, is_primary_key: true },
          { name: 'v', data_type: DataType.FloatVector, dim: 4 },
        ];
        const failure = await client
          .createCollection({ collection_name: plain, fields })
          .catch((error: unknown) => error);
        expect(failure).toMatchObject({ reason: expect.stringContaining('already exists') });
        expect(failure).not.toBeInstanceOf(Error);
      });

      test('considers a call that the server does not know successful', async () => {
        expect(await client.createRole({ roleName: 'nobody' })).toEqual({});
      });

      test('garbles typed arrays in a nullable field of vectors', async () => {
        const name = await create([
          { name: 'w', data_type: DataType.FloatVector, dim: 4, nullable: true },
        ] as Fields);
        const data = [1, 2].map((id) => ({ id, v: TYPED, w: TYPED }));
        const { status } = await client.insert({ collection_name: name, data });
        expect(status.reason).toMatch(/'w' float_vector data has 2 elements/);
      });

      test('searches full text only with an explicit metric', async () => {
        const name = collectionName();
        await client.createCollection({
          collection_name: name,
          fields: [
            { name: 'id', data_type: DataType.Int64, is_primary_key: true },
            { name: 't', data_type: DataType.VarChar, max_length: 40, enable_analyzer: true },
            { name: 's', data_type: DataType.SparseFloatVector },
          ],
          functions: [
            {
              name: 'f',
              type: FunctionType.BM25,
              input_field_names: ['t'],
              output_field_names: ['s'],
              params: {},
            },
          ],
        });
        await client.createIndex({
          collection_name: name,
          field_name: 's',
          index_type: 'SPARSE_INVERTED_INDEX',
          metric_type: 'BM25',
        });
        await client.loadCollectionSync({ collection_name: name });
        const { status } = await client.search({ collection_name: name, data: 'yeast', anns_field: 's' });
        expect(status.reason).toContain('requires metric BM25');
      });
    },
  );
}
