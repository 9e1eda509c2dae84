import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  connectMilvus,
  type FieldSpec,
  type MilvusConnection,
  TextCollection,
  type TextRow,
} from '../src/index.js';
import { describeOn, sharedServer } from './servers/shared-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

const STRINGS = fc.string({ unit: 'binary', maxLength: 20 });
const INT64 = fc
  .oneof(
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2n ** 53n),
  )
  // The rule for reading whole numbers: a number if it is exact, else a bigint.
  .map((value) => (Number.isSafeInteger(Number(value)) ? Number(value) : value));
const DOUBLES = fc.double({ noNaN: true, noDefaultInfinity: true });
const FLOATS = fc.float({ noNaN: true, noDefaultInfinity: true });
const JSON_VALUES = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    DOUBLES,
    INT64,
    STRINGS,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(STRINGS, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;
const OBJECTS = fc.dictionary(STRINGS, JSON_VALUES, { maxKeys: 4, noNullPrototype: true });

/** Every field type, with values. */
const FIELDS: Readonly<Record<string, readonly [Omit<FieldSpec, 'name'>, fc.Arbitrary<unknown>]>> = {
  flag: [{ type: 'bool' }, fc.boolean()],
  tiny: [{ type: 'int8' }, fc.integer({ min: -128, max: 127 })],
  small: [{ type: 'int16' }, fc.integer({ min: -32_768, max: 32_767 })],
  whole: [{ type: 'int32' }, fc.integer()],
  large: [{ type: 'int64' }, INT64],
  single: [{ type: 'float' }, FLOATS],
  real: [{ type: 'double' }, DOUBLES],
  words: [{ type: 'varchar', maxLength: 200 }, STRINGS],
  object: [{ type: 'json' }, OBJECTS],
  numbers: [{ type: 'array', elementType: 'int64', maxCapacity: 8 }, fc.array(INT64, { maxLength: 4 })],
  reals: [{ type: 'array', elementType: 'double', maxCapacity: 8 }, fc.array(DOUBLES, { maxLength: 4 })],
  singles: [{ type: 'array', elementType: 'float', maxCapacity: 8 }, fc.array(FLOATS, { maxLength: 4 })],
  flags: [{ type: 'array', elementType: 'bool', maxCapacity: 8 }, fc.array(fc.boolean(), { maxLength: 4 })],
  tags: [
    { type: 'array', elementType: 'varchar', maxLength: 200, maxCapacity: 8 },
    fc.array(STRINGS, { maxLength: 4 }),
  ],
};

/** Names of undeclared fields, except those that a row or the collection uses. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['', 'id', 'text', 'vector', 'text_words', '$meta'],
  ...Object.keys(FIELDS),
]);
const DYNAMIC = fc.dictionary(
  STRINGS.filter((name) => !RESERVED.has(name)),
  JSON_VALUES,
  { maxKeys: 4, noNullPrototype: true },
);

const ROWS = fc.array(
  fc.record({
    text: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }),
    fields: fc.record(Object.fromEntries(Object.entries(FIELDS).map(([name, [, values]]) => [name, values]))),
    dynamic: DYNAMIC,
  }),
  { minLength: 40, maxLength: 40 },
);

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'values of rows',
    () => sharedServer(kind),
    (server) => {
      const embedder = wordEmbedder(8);
      let milvus: MilvusConnection;
      beforeAll(async () => {
        milvus = await connectMilvus(server.connect);
      });
      afterAll(async () => {
        await milvus.close();
      });
      const create = (fields: readonly FieldSpec[] = []): Promise<TextCollection> =>
        TextCollection.create(milvus, { name: collectionName(), embedder, fields });

      test('are read back exactly, for every type of field', async () => {
        const specs = Object.entries(FIELDS).map(([name, [spec]]) => ({ name, ...spec }));
        const collection = await create(specs);
        let id = 0;
        await fc.assert(
          fc.asyncProperty(ROWS, async (rows) => {
            const sent = rows.map(({ text, fields, dynamic }) => ({
              ...dynamic,
              ...fields,
              id: `row-${id++}`,
              text,
            }));
            const { failed } = await collection.upsert(sent as readonly TextRow[]);
            expect(failed).toEqual([]);
            const found = await collection.get(
              sent.map((row) => row.id),
              { consistency: 'strong' },
            );
            for (const [i, row] of rows.entries()) {
              expect(found[i]).toStrictEqual({
                id: sent[i]!.id,
                text: row.text,
                fields: { ...row.dynamic, ...row.fields },
              });
            }
          }),
          { numRuns: 5 },
        );
        await collection.drop();
      });

      test('beyond 2^53 are exact in JSON of this package and of others', async () => {
        const collection = await create([{ name: 'js', type: 'json' }]);
        const exact = 9_007_199_254_740_993n;
        await collection.upsert([
          { id: 'a', text: 'a', js: { n: exact, list: [-exact] }, big: exact, float: 2 ** 60 },
        ]);
        const row = await collection.get('a', { consistency: 'strong' });
        expect(row!.fields).toStrictEqual({ js: { n: exact, list: [-exact] }, big: exact, float: 2 ** 60 });
        expect(await collection.count(`big == ${exact}`)).toBe(1);
        await collection.drop();
      });

      test.each<[string, object, RegExp]>([
        ['a Set', { tags: new Set(['red']) }, /tags is a Set/],
        ['a Map in a declared field', { js: new Map([['k', 1]]) }, /in field js: is a Map/],
        ['a RegExp', { re: /x/ }, /re is a RegExp/],
        ['an Error', { err: new Error('e') }, /err is an Error/],
        ['a URL in JSON', { js: { u: new URL('http://x/') } }, /in field js: field u is a URL/],
        ['undefined in an array', { list: [1, undefined] }, /list\[1\] is undefined/],
        ['the reserved name $meta', { $meta: { a: 1 } }, /field \$meta is reserved/],
        ['the empty name', { '': 'v' }, /name of a field must not be empty/],
        ['1e300 in a float', { f: 1e300 }, /field f must be in the range of a float/],
        ['1e-300 in a float', { f: 1e-300 }, /field f must be in the range of a float/],
        ['a lone surrogate in a string', { s: 'a\ud800' }, /field s must be well-formed Unicode/],
        ['a lone surrogate in JSON', { x: ['\udc00'] }, /x\[0\] must be well-formed Unicode/],
        ['a lone surrogate in the text', { text: '\ud800' }, /text must be well-formed Unicode/],
        ['a bigint of 65 bits', { x: 2n ** 64n }, /x must fit in 64 bits/],
      ])('are refused by name: %s', async (_, fields, reason) => {
        refusals ??= create([
          { name: 'js', type: 'json' },
          { name: 'f', type: 'float' },
          { name: 's', type: 'varchar' },
        ]);
        const collection = await refusals;
        const { stored, failed } = await collection.upsert([
          { id: 'x', text: 'x', js: {}, f: 1, s: '', ...fields },
        ]);
        expect({ stored, failed }).toEqual({
          stored: 0,
          failed: [{ index: 0, id: 'x', code: 'invalid-argument', reason: expect.stringMatching(reason) }],
        });
      });
      let refusals: Promise<TextCollection> | undefined;

      test('of JSON fields are read back or refused, for every kind of JSON', async () => {
        const collection = await create([{ name: 'js', type: 'json' }]);
        const values = [
          'str',
          '"q"',
          '5',
          'true',
          '',
          true,
          false,
          5,
          1.5,
          [1],
          { a: 1 },
          '{"a":1}',
          [],
          {},
          'null',
        ];
        const rows = values.map((js, i) => ({ id: `j${i}`, text: 'x', js }));
        const { failed } = await collection.upsert(rows);
        const refused = new Set(failed.map(({ id }) => id));
        const found = await collection.get(
          rows.map((row) => row.id),
          { consistency: 'strong' },
        );
        for (const [i, row] of rows.entries()) {
          if (refused.has(row.id)) expect(found[i], row.id).toBeUndefined();
          else expect(found[i]!.fields.js).toStrictEqual(row.js);
        }
        // Milvus 2.3.5 refuses everything but objects, Milvus Lite everything but objects and arrays.
        for (const [i, value] of values.entries())
          if (typeof value === 'object' && (kind === 'lite' || !Array.isArray(value)))
            expect(refused).not.toContain(`j${i}`);
        await collection.drop();
      });

      test('of keys at the ends of 64 bits are found, listed and deleted, or refused', async () => {
        const collection = await TextCollection.create(milvus, {
          name: collectionName(),
          embedder,
          key: { field: 'pk', type: 'int64' },
        });
        const [min, max] = [-(2n ** 63n), 2n ** 63n - 1n];
        const ids = [min, min + 1n, 0, max - 1n];
        const { failed } = await collection.upsert([...ids, max].map((id) => ({ id, text: `row ${id}` })));
        expect(failed).toEqual([
          { index: 4, id: max, code: 'invalid-argument', reason: expect.stringContaining('below 2^63 - 1') },
        ]);
        const found = await collection.get(ids, { consistency: 'strong' });
        expect(found.map((row) => row?.id)).toEqual(ids);
        expect((await collection.get(min))?.text).toBe(`row ${min}`);
        const listed: unknown[] = [];
        for await (const row of collection.rows({ pageSize: 1 })) listed.push(row.id);
        expect(listed).toEqual(ids);
        expect(await collection.delete([min, max - 1n])).toBe(2);
        expect(await collection.count()).toBe(2);
        await collection.drop();
      });
    },
  );
}
