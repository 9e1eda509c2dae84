import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listImports } from '../src/bulk/import-task.js';
import {
  BulkImportError,
  type BulkTarget,
  importBulkFiles,
  manifestPath,
  readManifest,
  writeBulkFiles,
} from '../src/bulk/index.js';
import { type DescribedCollection, parseSchema } from '../src/collection/collection-schema.js';
import {
  connectMilvus,
  contentId,
  type FailedRow,
  type MilvusConnection,
  shardOf,
  TextCollection,
  type TextRow,
} from '../src/index.js';
import { textLayout } from '../src/ingest/text-row.js';
import { VECTOR_TYPES, type VectorType } from '../src/wire/vector-type.js';
import { pythonEnvironment } from './servers/python-environment.js';
import { describeOn, nameSkipped, sharedServer } from './servers/shared-server.js';
import { NotRunnable } from './servers/test-server.js';
import { collectionName } from './support/collection-name.js';
import { wordEmbedder } from './support/word-embedder.js';

const run = promisify(execFile);

/** Fields in addition to key, text and vector. */
type Fields = NonNullable<NonNullable<DescribedCollection['schema']>['fields']>;

/** A collection's parts without a server. */
function target(vectorType: VectorType, fields: Fields = [], embedder = wordEmbedder(16)): BulkTarget {
  const { dataType, fieldDim } = VECTOR_TYPES[vectorType];
  const schema = parseSchema(
    {
      schema: {
        enable_dynamic_field: true,
        fields: [
          {
            name: 'id',
            data_type: 21,
            is_primary_key: true,
            type_params: [{ key: 'max_length', value: '512' }],
          },
          // Before others, so that files have another order than the schema.
          {
            name: 'vector',
            data_type: dataType,
            type_params: [{ key: 'dim', value: String(fieldDim(embedder.dim)) }],
          },
          { name: 'text', data_type: 21, type_params: [{ key: 'max_length', value: '1000' }] },
          ...fields,
        ],
      },
    },
    'notes',
  );
  const layout = textLayout(schema, { text: 'text', vector: 'vector' });
  if (typeof layout === 'string') throw new TypeError(layout);
  return { name: 'notes', layout, embedder };
}

let folder: string;
let made = 0;
const newFolder = (): string => join(folder, `f${++made}`);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm2v-bulk-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface ParquetText {
  readonly types: Readonly<Record<string, string>>;
  readonly groups: readonly number[];
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

async function python(): Promise<string | undefined> {
  try {
    return await pythonEnvironment('milvus-lite');
  } catch (error) {
    if (error instanceof NotRunnable) return undefined;
    throw error;
  }
}

const interpreter = await python();

async function readParquet(path: string): Promise<ParquetText> {
  const program = new URL('./support/read-parquet.py', import.meta.url).pathname;
  const { stdout } = await run(interpreter!, [program, path], { maxBuffer: 1 << 28 });
  return JSON.parse(stdout) as ParquetText;
}

const hex = (array: Float32Array | Float64Array): string[] => {
  const size = array.BYTES_PER_ELEMENT;
  const bytes = Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return Array.from(array, (_, i) => bytes.subarray(i * size, (i + 1) * size).toString('hex'));
};

if (interpreter === undefined) {
  describe('Parquet files', () => test.skip('are read by pyarrow'));
  nameSkipped('Parquet files as pyarrow reads them', 'no Python with pyarrow');
} else {
  describe('Parquet files, as pyarrow reads them', () => {
    test('contain every value bit for bit, in the types that Milvus imports', async () => {
      const notes = target('float32', [
        { name: 'flag', data_type: 1 },
        { name: 'tiny', data_type: 2 },
        { name: 'small', data_type: 3 },
        { name: 'whole', data_type: 4 },
        { name: 'large', data_type: 5 },
        { name: 'single', data_type: 10 },
        { name: 'real', data_type: 11 },
        { name: 'object', data_type: 23 },
        { name: 'tags', data_type: 22, element_type: 21, type_params: [{ key: 'max_capacity', value: '9' }] },
        { name: 'numbers', data_type: 22, element_type: 5 },
        { name: 'maybe', data_type: 21, nullable: true },
      ]);
      const vector = Float32Array.of(
        ...[0, -0, 1, -1, 1e-45, -1e-45, 3.4028235e38, -3.4028235e38],
        ...[0.1, 1 / 3, 1.17549435e-38, 16777217, -2.5e-7, 7, 8, 9],
      );
      const one = {
        ...{
          id: 'a',
          text: 'größe "東" 😀\n\\',
          vector,
          flag: true,
          tiny: -128,
          small: 32767,
          whole: -(2 ** 31),
        },
        ...{
          large: 2n ** 63n - 1n,
          single: 0.1,
          real: 0.1,
          object: { a: [1, null, 'ü'] },
          tags: ['x', 'größe'],
        },
        ...{ numbers: [-1, 2n ** 60n], maybe: 'here', loose: { deep: 1.5 } },
      };
      const two = {
        ...{ text: '', flag: false, tiny: 127, small: -32768, whole: 2 ** 31 - 1, large: -(2n ** 63n) },
        ...{ single: -1.5, real: 1e300, object: 'text', tags: [], numbers: [] },
      };
      const manifest = await writeBulkFiles(notes, [one, two], { folder: newFolder() });
      const { types, rows } = await readParquet(join(folder, `f${made}`, manifest.files[0]!.name));
      expect(types).toEqual({
        ...{ id: 'string not null', text: 'string not null', flag: 'bool not null', tiny: 'int8 not null' },
        ...{
          small: 'int16 not null',
          whole: 'int32 not null',
          large: 'int64 not null',
          single: 'float not null',
        },
        ...{ real: 'double not null', object: 'string not null', maybe: 'string', $meta: 'string not null' },
        tags: 'list<element: string not null> not null',
        numbers: 'list<element: int64 not null> not null',
        vector: 'list<element: float not null> not null',
      });
      const [made2] = await notes.embedder.encodeDocuments(['']);
      expect(rows).toEqual([
        {
          ...{ id: 'a', text: one.text, vector: hex(vector), flag: true, tiny: -128, small: 32767 },
          ...{ whole: -(2 ** 31), large: '9223372036854775807', single: hex(Float32Array.of(0.1))[0] },
          ...{ real: hex(Float64Array.of(0.1))[0], object: '{"a":[1,null,"ü"]}', tags: ['x', 'größe'] },
          ...{ numbers: ['-1', String(2n ** 60n)], maybe: 'here', $meta: '{"loose":{"deep":1.5}}' },
        },
        {
          ...{ id: contentId(''), text: '', vector: hex(made2!), flag: false, tiny: 127, small: -32768 },
          ...{ whole: 2 ** 31 - 1, large: '-9223372036854775808', single: hex(Float32Array.of(-1.5))[0] },
          ...{ real: hex(Float64Array.of(1e300))[0], object: '"text"', tags: [], numbers: [], maybe: null },
          $meta: '{}',
        },
      ]);
    }, 60_000);

    test.each([
      // Bits of 1, -2, 0.5 and 2^-24 as numpy gives them for float16, and of the upper halves of float32.
      ['float16', [0x00, 0x3c, 0x00, 0xc0, 0x00, 0x38, 0x01, 0x00]],
      ['bfloat16', [0x80, 0x3f, 0x00, 0xc0, 0x00, 0x3f, 0x80, 0x33]],
      ['int8', [64, -127, 32, 0]],
      ['binary', [0b1011_0000]],
    ] as const)('contain %s vectors as the bytes that Milvus stores', async (type, bytes) => {
      const notes = target(type, [], wordEmbedder(4));
      const rows = [1, 1, 1, -1].map((sign, i) => ({
        id: `r${i}`,
        text: 'x',
        vector: Float32Array.of(1, -2, 0.5, 2 ** -24).map((value) => value * sign),
      }));
      await writeBulkFiles(notes, rows, { folder: newFolder() });
      const { types, rows: found } = await readParquet(join(folder, `f${made}`, 'part-00000.parquet'));
      expect(types.vector).toBe(`list<element: ${type === 'int8' ? 'int8' : 'uint8'} not null> not null`);
      expect(found.slice(0, 3).map((row) => row.vector)).toEqual([bytes, bytes, bytes]);
      expect(found[3]!.vector).not.toEqual(bytes);
    });

    test('are split into row groups, pages and files by size, and listed in their manifest', async () => {
      const notes = target('float32', [], wordEmbedder(256));
      const many = 2400;
      const rows = Array.from({ length: many }, (_, i) => ({ id: `r${i}`, text: `text ${i}`, i }));
      const progress: number[] = [];
      const manifest = await writeBulkFiles(notes, rows, {
        ...{ folder: newFolder(), fileBytes: 2 << 20, groupBytes: 3 << 19, batchRows: 300 },
        onProgress: (now) => progress.push(now.rows),
      });
      expect(manifest).toMatchObject({ complete: true, read: many, rows: many, repeated: 0, failed: 0 });
      expect(manifest.files.map(({ name }) => name)).toEqual(['part-00000.parquet', 'part-00001.parquet']);
      expect(progress.at(-1)).toBe(many);
      const found: unknown[] = [];
      const groups: number[] = [];
      for (const { name, rows: count, bytes, sha256 } of manifest.files) {
        const content = await readFile(join(folder, `f${made}`, name));
        expect([content.length, createHash('sha256').update(content).digest('hex')]).toEqual([bytes, sha256]);
        const parquet = await readParquet(join(folder, `f${made}`, name));
        groups.push(parquet.groups.length);
        expect(parquet.groups.reduce((sum, size) => sum + size, 0)).toBe(count);
        found.push(...parquet.rows.map((row) => ({ ...row, vector: (row.vector as string[]).join('') })));
      }
      const vectors = await notes.embedder.encodeDocuments(rows.map(({ text }) => text));
      expect(found).toEqual(
        rows.map(({ id, text, i }, at) => ({
          id,
          text,
          vector: Buffer.from(vectors[at]!.buffer).toString('hex'),
          $meta: `{"i":${i}}`,
        })),
      );
      expect(groups).toEqual([2, 1]);
      expect(await readdir(join(folder, `f${made}`))).toHaveLength(3);
    }, 60_000);
  });
}

describe('writing import files', () => {
  const idsIn = async (where: string): Promise<string[]> => {
    const ids: string[] = [];
    for (const name of (await readdir(where)).filter((file) => file.endsWith('.json')).sort()) {
      if (name.endsWith('.manifest.json')) continue;
      const { rows } = JSON.parse(await readFile(join(where, name), 'utf8')) as { rows: { id: string }[] };
      ids.push(...rows.map(({ id }) => id));
    }
    return ids;
  };
  const small = { format: 'json', fileBytes: 20_000, groupBytes: 5000, batchRows: 50 } as const;
  const rowsTo = (count: number): { text: string }[] =>
    Array.from({ length: count }, (_, i) => ({ text: `text ${i}` }));

  test('of JSON keeps float32 and int64 values exactly', async () => {
    const notes = target('float32', [{ name: 'large', data_type: 5 }], wordEmbedder(5));
    const vector = Float32Array.of(-0, 0.1, 1e-45, 3.4028235e38, 16777217);
    const rows = [{ id: 'a', text: 'x', vector, large: 2n ** 62n + 1n, loose: ['y'] }];
    await writeBulkFiles(notes, rows, { folder: newFolder(), format: 'json' });
    const text = await readFile(join(folder, `f${made}`, 'part-00000.json'), 'utf8');
    expect(text).toContain('"large":4611686018427387905');
    const [row] = (JSON.parse(text) as { rows: { vector: number[]; $meta: unknown }[] }).rows;
    expect(hex(Float32Array.from(row!.vector))).toEqual(hex(vector));
    expect(row!.$meta).toEqual({ loose: ['y'] });
  });

  test('skips invalid rows and duplicates, and reports both', async () => {
    const failed: FailedRow[] = [];
    const rows = [
      { text: 'a' },
      { text: 'b', vector: new Float32Array(3) },
      { text: 'a' },
      { id: 'c', text: 'c' },
    ];
    const manifest = await writeBulkFiles(target('float32'), rows as TextRow[], {
      ...{ folder: newFolder(), format: 'json' },
      onFailed: (row) => failed.push(row),
    });
    expect(manifest).toMatchObject({ read: 4, rows: 2, repeated: 1, failed: 1, problems: [{ index: 1 }] });
    expect(failed).toEqual([
      {
        ...{ index: 1, id: contentId('b'), code: 'invalid-argument' },
        reason: 'vector must have 16 values; found 3',
      },
    ]);
    expect(await idsIn(join(folder, `f${made}`))).toEqual([contentId('a'), 'c']);
  });

  test('continues after the last complete file, and then does nothing', async () => {
    const where = newFolder();
    const notes = target('float32');
    const rows = [...rowsTo(700), ...rowsTo(50)];
    function* torn(): Generator<TextRow> {
      yield* rows.slice(0, 430);
      throw new TypeError('the file is torn');
    }
    await expect(writeBulkFiles(notes, torn(), { folder: where, ...small })).rejects.toThrow(/torn/);
    const halfway = await readManifest(manifestPath(where));
    expect(halfway).toMatchObject({ complete: false });
    expect(halfway.files.length).toBeGreaterThan(0);
    expect((await readdir(where)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    const before = notes.embedder as ReturnType<typeof wordEmbedder>;
    const embedded = before.calls.length;
    const manifest = await writeBulkFiles(notes, rows, { folder: where, ...small });
    expect(manifest).toMatchObject({ complete: true, read: 750, rows: 700, repeated: 50 });
    expect(manifest.files.slice(0, halfway.files.length)).toEqual(halfway.files);
    expect(await idsIn(where)).toEqual(rowsTo(700).map(({ text }) => contentId(text)));
    expect(before.calls.slice(embedded).reduce((sum, size) => sum + size, 0)).toBe(700 - halfway.rows);
    expect(await writeBulkFiles(notes, [], { folder: where, ...small })).toEqual(manifest);
  });

  test('refuses to continue with another model, another collection, other files or a shorter input', async () => {
    const where = newFolder();
    const notes = target('float32');
    function* torn(): Generator<TextRow> {
      yield* rowsTo(400);
      throw new TypeError('torn');
    }
    await writeBulkFiles(notes, torn(), { folder: where, ...small }).catch(() => {});
    const again = (other: Partial<BulkTarget>, rows = rowsTo(500)): Promise<unknown> =>
      writeBulkFiles({ ...notes, ...other }, rows, { folder: where, ...small });
    const mismatch = (message: RegExp): object => ({
      code: 'mismatch',
      message: expect.stringMatching(message),
    });
    await expect(again({ embedder: wordEmbedder(16, 8) })).rejects.toMatchObject(
      mismatch(/fingerprint words-16-7/),
    );
    await expect(again({ name: 'others' })).rejects.toMatchObject(mismatch(/collection notes, not others/));
    await expect(again({}, rowsTo(10))).rejects.toMatchObject(mismatch(/the input has 10 rows/));
    await writeFile(join(where, 'part-00000.json'), 'cut');
    await expect(again({})).rejects.toMatchObject(mismatch(/has 3 bytes, but/));
    await writeFile(manifestPath(where), '{}');
    await expect(again({})).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('gives each row to one of the shards, which share a folder', async () => {
    const where = newFolder();
    const count = 3;
    const rows = [...rowsTo(300), { id: 'x', text: 'given' }, null as unknown as TextRow];
    const parts = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        writeBulkFiles(target('float32'), rows, { folder: where, ...small, shard: { index, count } }),
      ),
    );
    expect(parts.map(({ failed }) => failed)).toEqual([1, 0, 0]);
    for (const [index, { files, rows: stored }] of parts.entries()) {
      expect(files[0]!.name).toBe(`part-0000${index}-of-00003-00000.json`);
      expect(stored).toBe(
        rowsTo(300).filter(({ text }) => shardOf(contentId(text), count) === index).length +
          (shardOf('x', count) === index ? 1 : 0),
      );
    }
    expect((await idsIn(where)).sort()).toEqual(
      [...rowsTo(300).map(({ text }) => contentId(text)), 'x'].sort(),
    );
  });

  test('stops at its signal, even while the input hangs, and reports where no file can be created', async () => {
    const hanging: AsyncIterable<TextRow> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }),
    };
    const stopped = writeBulkFiles(target('float32'), hanging, {
      ...{ folder: newFolder(), format: 'json' },
      signal: AbortSignal.timeout(20),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'aborted' });
    await writeFile(join(folder, 'file'), '');
    const nowhere = writeBulkFiles(target('float32'), rowsTo(1), { folder: join(folder, 'file/x') });
    await expect(nowhere).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringContaining('file/x'),
    });
    const wrong = writeBulkFiles(target('float32'), rowsTo(1), {
      folder: newFolder(),
      shard: { index: 3, count: 3 },
    });
    await expect(wrong).rejects.toMatchObject({ code: 'invalid-argument' });
  });

  test('of an input without rows leaves no file', async () => {
    const manifest = await writeBulkFiles(target('float32'), [], { folder: newFolder() });
    expect(manifest).toMatchObject({ complete: true, rows: 0, files: [] });
  });
});

await describeOn(
  'import files',
  () => sharedServer('milvus'),
  (server) => {
    const embedder = wordEmbedder(32);
    const rows = Array.from({ length: 3000 }, (_, i) => ({
      text: `generated text number ${i}`,
      n: i,
      loose: `l${i}`,
    }));
    let milvus: MilvusConnection;
    beforeAll(async () => {
      milvus = await connectMilvus(server.connect);
    }, 120_000);
    afterAll(() => milvus?.close());
    const create = (): Promise<TextCollection> =>
      TextCollection.create(milvus, {
        name: collectionName(),
        embedder,
        fields: [{ name: 'n', type: 'int64' }],
      });

    test.each(['parquet', 'json'] as const)(
      'of %s are found by searches after the import',
      async (format) => {
        const notes = await create();
        const where = newFolder();
        const stateFile = join(folder, `${format}.imports.json`);
        const manifest = await writeBulkFiles(notes, rows, {
          folder: where,
          format,
          fileBytes: 300_000,
          batchRows: 500,
        });
        expect(manifest.files.length).toBeGreaterThan(1);
        const options = { prefix: `${where}/`, stateFile, pollEvery: 100 };
        const percents: number[] = [];
        const result = await importBulkFiles(notes, manifest, {
          ...options,
          onProgress: ({ percent }) => percents.push(percent),
        });
        expect(result).toEqual({
          rows: 3000,
          files: manifest.files.map(({ name, rows: count }) => ({ path: `${where}/${name}`, rows: count })),
          failed: [],
        });
        expect(percents.at(-1)).toBe(100);
        expect(await notes.count()).toBe(3000);
        // Each file became its own segment, and a page over several segments may be short before the end.
        const walked = new Set<unknown>();
        for await (const { fields } of notes.rows({ fields: ['n'] })) walked.add(fields.n);
        expect(walked.size).toBe(3000);
        const { hits } = await notes.search('generated text number 1234', { limit: 1 });
        expect(hits[0]).toMatchObject({
          text: 'generated text number 1234',
          fields: { n: 1234, loose: 'l1234' },
        });
        const [vector] = await embedder.encodeDocuments([rows[77]!.text]);
        const row = await notes.get(contentId(rows[77]!.text), { fields: ['vector'] });
        expect(row!.fields.vector).toEqual(vector);

        // The same call again imports nothing twice.
        expect(await importBulkFiles(notes, manifest, options)).toEqual(result);
        expect(await notes.count()).toBe(3000);
      },
      120_000,
    );

    test('that the server refuses are reported with its reason, and the others are imported', async () => {
      const notes = await create();
      const where = newFolder();
      await writeBulkFiles(notes, rows.slice(0, 10), { folder: where, format: 'json' });
      await mkdir(join(where, 'bad'));
      await writeFile(join(where, 'bad/rows.json'), '{"rows":[{"id":"a"}]}');
      const paths = ['bad/rows.json', 'part-00000.json', 'missing.parquet'];
      const stateFile = join(where, 'imports.json');
      const failure = await importBulkFiles(notes, paths, {
        prefix: `${where}/`,
        pollEvery: 100,
        stateFile,
      }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(BulkImportError);
      const { result, message } = failure as BulkImportError;
      expect(message).toContain('2 of 3 files failed');
      expect(result.files).toEqual([{ path: `${where}/part-00000.json`, rows: 10 }]);
      expect(result.failed.map(({ path }) => path)).toEqual([
        `${where}/bad/rows.json`,
        `${where}/missing.parquet`,
      ]);
      expect(result.failed[0]!.reason).toMatch(/field|missed/);
      expect(result.failed[1]!.reason).toMatch(/no such file/);
      expect(await notes.count()).toBe(10);
      // After a repair, only the failed file is imported; the start of the other was recorded.
      await writeFile(join(where, 'bad/rows.json'), await readFile(join(where, 'part-00000.json')));
      const state = JSON.parse(await readFile(stateFile, 'utf8')) as { imports: Record<string, object> };
      expect(Object.keys(state.imports)).toEqual([`${where}/part-00000.json`]);
      await writeFile(stateFile, JSON.stringify({ ...state, imports: { [`${where}/part-00000.json`]: {} } }));
      const repaired = await importBulkFiles(notes, paths.slice(0, 2), {
        ...{ prefix: `${where}/`, pollEvery: 100, stateFile },
      });
      expect(repaired).toMatchObject({ rows: 20, failed: [] });
      const tasks = await listImports(milvus.channel, notes.name, undefined);
      expect(tasks.map(({ state: at }) => at).sort()).toEqual(['done', 'done', 'failed', 'failed']);
    }, 120_000);

    test('of another model or of an unfinished input are refused', async () => {
      const notes = await create();
      const manifest = await writeBulkFiles(notes, rows.slice(0, 10), {
        folder: newFolder(),
        format: 'json',
      });
      const other = importBulkFiles(notes, { ...manifest, fingerprint: 'other' });
      await expect(other).rejects.toMatchObject({ code: 'mismatch' });
      const half = importBulkFiles(notes, { ...manifest, complete: false });
      await expect(half).rejects.toMatchObject({ code: 'mismatch' });
    });
  },
);

await describeOn(
  'import files',
  () => sharedServer('lite'),
  (server) => {
    test('are refused if the server has no import', async () => {
      const milvus = await connectMilvus(server.connect);
      const notes = await TextCollection.create(milvus, {
        name: collectionName(),
        embedder: wordEmbedder(8),
      });
      await expect(importBulkFiles(notes, ['a.parquet'])).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(/milvus_lite-3.2.2.*upsert/),
      });
      await milvus.close();
    }, 60_000);
  },
);
