import { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CollectionField, CollectionSchema, ScalarType } from '../collection/collection-schema.js';
import { SCALAR_DATA_TYPES } from '../collection/collection-schema.js';
import { packMutation } from './mutation-request.js';
import { writeVectors } from './vector-bytes.js';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

/** The SDK's own encoding (protobufjs) of a request. */
interface Method {
  requestSerialize(request: object): Buffer;
  requestDeserialize(bytes: Buffer): { fields_data: Record<string, unknown>[] };
}
let client: MilvusClient;
let methods: { readonly Insert: Method; readonly Upsert: Method };

beforeAll(async () => {
  client = new MilvusClient({ address: '127.0.0.1:1', __SKIP_CONNECT__: true });
  methods = (await client.channelPool.acquire()) as unknown as typeof methods;
});
afterAll(async () => {
  await client.channelPool.release(methods as never);
  await client.closeConnection();
});

function field(
  name: string,
  type: ScalarType | VectorType,
  more: Partial<CollectionField> = {},
): CollectionField {
  const isVector = type in VECTOR_TYPES;
  return {
    name,
    type,
    kind: isVector ? 'vector' : 'scalar',
    dataType: isVector ? VECTOR_TYPES[type as VectorType].dataType : SCALAR_DATA_TYPES[type as ScalarType],
    isKey: false,
    autoId: false,
    isFunctionOutput: false,
    nullable: false,
    hasDefault: false,
    maxLength: undefined,
    maxCapacity: undefined,
    elementType: undefined,
    dim: undefined,
    ...more,
  };
}

function pack(
  schema: CollectionSchema,
  columns: Readonly<Record<string, readonly unknown[]>>,
  dynamic: string[] = [],
): Buffer {
  const count = Object.values(columns)[0]!.length;
  return packMutation({
    collection: 'päper',
    schema,
    count,
    values: ({ name }) => columns[name]!,
    dynamic: () => dynamic,
  });
}

const vectors = [Float32Array.of(0.5, -1.25, 3e-8), Float32Array.of(1, 2, -0)];

describe('a packed request equals the SDK’s byte for byte', () => {
  const cases: [string, CollectionField, readonly unknown[], object][] = [
    [
      'float vectors',
      field('v', 'float32', { dim: 3 }),
      vectors,
      {
        type: 101,
        field_name: 'v',
        vectors: { dim: 3, float_vector: { data: vectors.flatMap((v) => [...v]) } },
      },
    ],
    [
      'keys of 64 bits, also negative ones and ones above 2^53',
      field('id', 'int64'),
      [0, 127, 128, 2 ** 40, -1, 2n ** 62n, -(2n ** 63n), Number.MAX_SAFE_INTEGER],
      {
        type: 5,
        field_name: 'id',
        scalars: {
          long_data: {
            data: [
              '0',
              '127',
              '128',
              '1099511627776',
              '-1',
              '4611686018427387904',
              '-9223372036854775808',
              '9007199254740991',
            ],
          },
        },
      },
    ],
    [
      'strings of every width',
      field('s', 'varchar'),
      ['', 'a', 'é', '東', '😀', 'x'.repeat(300)],
      {
        type: 21,
        field_name: 's',
        scalars: { string_data: { data: ['', 'a', 'é', '東', '😀', 'x'.repeat(300)] } },
      },
    ],
    [
      'booleans',
      field('b', 'bool'),
      [true, false, true],
      { type: 1, field_name: 'b', scalars: { bool_data: { data: [true, false, true] } } },
    ],
    [
      'small integers',
      field('i', 'int16'),
      [-32768, 0, 32767],
      { type: 3, field_name: 'i', scalars: { int_data: { data: [-32768, 0, 32767] } } },
    ],
    [
      'floats',
      field('f', 'float'),
      [0.1, -2],
      { type: 10, field_name: 'f', scalars: { float_data: { data: [0.1, -2] } } },
    ],
    [
      'doubles',
      field('d', 'double'),
      [0.1, -2],
      { type: 11, field_name: 'd', scalars: { double_data: { data: [0.1, -2] } } },
    ],
    [
      'JSON',
      field('j', 'json'),
      [{ a: [1, 'ü'] }, null, 'x'],
      {
        type: 23,
        field_name: 'j',
        scalars: {
          json_data: { data: [Buffer.from('{"a":[1,"ü"]}'), Buffer.from('null'), Buffer.from('"x"')] },
        },
      },
    ],
    [
      'arrays of strings',
      field('a', 'array', { elementType: 'varchar' }),
      [['x', 'yy'], []],
      {
        type: 22,
        field_name: 'a',
        scalars: {
          array_data: {
            data: [{ string_data: { data: ['x', 'yy'] } }, { string_data: { data: [] } }],
            element_type: 21,
          },
        },
      },
    ],
    [
      'arrays of numbers',
      field('a', 'array', { elementType: 'int64' }),
      [[1, -1], [2n ** 60n]],
      {
        type: 22,
        field_name: 'a',
        scalars: {
          array_data: {
            data: [{ long_data: { data: ['1', '-1'] } }, { long_data: { data: ['1152921504606846976'] } }],
            element_type: 5,
          },
        },
      },
    ],
    [
      'fields that may be empty',
      field('n', 'int64', { nullable: true }),
      [1, null, undefined, 4],
      {
        type: 5,
        field_name: 'n',
        scalars: { long_data: { data: [1, 4] } },
        valid_data: [true, false, false, true],
      },
    ],
  ];

  for (const [what, column, values, expected] of cases) {
    test(what, () => {
      const bytes = pack({ dynamic: false, fields: [column] }, { [column.name]: values });
      const request = { collection_name: 'päper', fields_data: [expected], num_rows: values.length };
      expect(bytes.toString('hex')).toBe(methods.Insert.requestSerialize(request).toString('hex'));
      expect(bytes.toString('hex')).toBe(methods.Upsert.requestSerialize(request).toString('hex'));
    });
  }

  for (const type of ['float16', 'bfloat16', 'int8', 'binary'] as const) {
    test(`${type} vectors`, () => {
      const { byteLength, fieldDim, dataType } = VECTOR_TYPES[type];
      const raw = Buffer.alloc(byteLength(3) * 2);
      writeVectors(type, vectors, 3, raw, 0);
      const slot = {
        float16: 'float16_vector',
        bfloat16: 'bfloat16_vector',
        int8: 'int8_vector',
        binary: 'binary_vector',
      }[type];
      const expected = { type: dataType, field_name: 'v', vectors: { dim: fieldDim(3), [slot]: raw } };
      const bytes = pack(
        { dynamic: false, fields: [field('v', type, { dim: fieldDim(3) })] },
        { v: vectors },
      );
      const request = { collection_name: 'päper', fields_data: [expected], num_rows: 2 };
      expect(bytes.toString('hex')).toBe(methods.Insert.requestSerialize(request).toString('hex'));
    });
  }

  test('dynamic fields', () => {
    const rows = ['{}', '{"x":1}'];
    const bytes = pack({ dynamic: true, fields: [field('id', 'int64')] }, { id: [1, 2] }, rows);
    const request = {
      collection_name: 'päper',
      fields_data: [
        { type: 5, field_name: 'id', scalars: { long_data: { data: [1, 2] } } },
        {
          type: 23,
          field_name: '$meta',
          scalars: { json_data: { data: rows.map((row) => Buffer.from(row)) } },
          is_dynamic: true,
        },
      ],
      num_rows: 2,
    };
    expect(bytes.toString('hex')).toBe(methods.Insert.requestSerialize(request).toString('hex'));
  });
});

test('fields that the server fills are not sent', () => {
  const fields = [
    field('id', 'int64', { autoId: true }),
    field('text', 'varchar'),
    {
      ...field('words', 'varchar'),
      type: undefined,
      kind: 'other' as const,
      dataType: 104,
      isFunctionOutput: true,
    },
  ];
  const { fields_data } = methods.Insert.requestDeserialize(
    pack({ dynamic: false, fields }, { text: ['a'] }),
  );
  expect(fields_data.map((found) => found.field_name)).toEqual(['text']);
});

test('a view into a larger buffer sends only its own values', () => {
  const large = Float32Array.of(9, 1, 2, 9);
  const bytes = pack(
    { dynamic: false, fields: [field('v', 'float32', { dim: 2 })] },
    { v: [large.subarray(1, 3)] },
  );
  expect(methods.Insert.requestDeserialize(bytes).fields_data[0]).toMatchObject({
    vectors: { float_vector: { data: [1, 2] } },
  });
});
