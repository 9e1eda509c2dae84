import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODEL_NAMES, modelFiles, modelFolder } from '../test/model-fixture.js';
import { safetensorsFile } from '../test/safetensors-file.js';
import { loadStaticModel } from './load-static-model.js';
import { MalformedModelError, ModelError, ModelNotFoundError } from './model-error.js';
import type { LoadProgress } from './source/load-progress.js';
import type { ModelFiles, ModelSource } from './static-model.js';
import { type EmbeddingTable, emptyTable, type TableShape } from './table/embedding-table.js';
import type { Vocabulary } from './table/model-fit.js';

/** The values of `scripts/model-fixtures.py`. */
const VALUES = Array.from({ length: 24 }, (_, i) => (i - 9) / 4);
const MAPPING = Int32Array.of(0, 2, 1, 1, 0, 2);
const WEIGHTS = [0.5, 1, 1.5, 2, 0.25, 3];

let temporary: string;
beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'static-model-'));
});
afterAll(() => {
  rmSync(temporary, { recursive: true });
});

/** 40 MB: a table that is read in two parts. */
const LARGE_ROWS = 5 << 19;

function writeLargeModel(): { readonly folder: string; readonly size: number } {
  const folder = mkdtempSync(join(temporary, 'large-'));
  cpSync(modelFolder('float32'), folder, { recursive: true });
  const file = writeTable(folder, new Float32Array(LARGE_ROWS * 4));
  return { folder, size: file.length };
}

function writeTable(folder: string, data: Float32Array): Uint8Array {
  const file = safetensorsFile({ embeddings: { dtype: 'F32', shape: [data.length / 4, 4], data } });
  writeFileSync(join(folder, 'model.safetensors'), file);
  return file;
}

async function rejectionOf(source: ModelSource, options = {}): Promise<unknown> {
  return loadStaticModel(source, options).then(
    () => 'a model',
    (error: unknown) => error,
  );
}

describe('loadStaticModel', () => {
  it.each([
    ['float32', 'model2vec', 'float32', 6],
    ['old-name', 'model2vec', 'float32', 6],
    ['float64', 'model2vec', 'float64', 6],
    ['float16', 'model2vec', 'float16', 6],
    ['bfloat16', 'model2vec', 'bfloat16', 6],
    ['int8', 'model2vec', 'int8', 6],
    ['sentence-transformers', 'sentence-transformers', 'float32', 6],
    ['static-embedding', 'static-embedding', 'float32', 6],
    ['mapped-int32', 'model2vec', 'float32', 3],
    ['mapped-int64', 'model2vec', 'float32', 3],
  ])('reads the model "%s" as layout %s and dtype %s', async (name, layout, dtype, rows) => {
    const model = await loadStaticModel(modelFolder(name));
    expect(model.layout).toBe(layout);
    expect(model.table).toMatchObject({ dtype, rows, dim: 4 });
    const wide = await loadStaticModel(modelFolder(name), { quantizeTo: 'float64' });
    const scale = dtype === 'int8' ? 4 : 1;
    expect([...wide.table.data]).toEqual(VALUES.slice(0, rows * 4).map((value) => value * scale));
    expect(JSON.parse(new TextDecoder().decode(model.tokenizerJson)).model.type).toBe('WordLevel');
    expect(model.origin).toBe(modelFolder(name));
  });

  it('reads mapping and weights of every dtype', async () => {
    const int64 = await loadStaticModel(modelFolder('mapped-int64'));
    expect(int64.table.mapping).toEqual(MAPPING);
    expect(int64.table.weights).toEqual(Float32Array.from(WEIGHTS));
    const int32 = await loadStaticModel(modelFolder('mapped-int32'));
    expect(int32.table.mapping).toEqual(MAPPING);
    expect(int32.table.weights).toEqual(Float64Array.from(WEIGHTS));
    for (const name of ['weights-bfloat16', 'weights-float32']) {
      const { table } = await loadStaticModel(modelFolder(name));
      expect(table.weights).toEqual(Float32Array.from(WEIGHTS));
      expect(table.mapping).toBeUndefined();
    }
  });

  it('reads the config', async () => {
    const { config } = await loadStaticModel(modelFolder('float32'));
    expect(config).toEqual({ normalize: true, max_length: 8, hidden_dim: 4 });
    expect((await loadStaticModel(modelFolder('float64'))).config).toEqual({ max_length: null });
    expect((await loadStaticModel(modelFolder('int8'))).config).toEqual({});
  });

  it('quantises all columns before it drops some', async () => {
    const { table } = await loadStaticModel(modelFolder('float32'), {
      quantizeTo: 'int8',
      dimensionality: 3,
    });
    // The largest magnitude, 3.5, is in the fourth column.
    expect([...table.data].slice(-3)).toEqual([100, 109, 118].map((value) => Math.min(127, value)));
    expect(table).toMatchObject({ dtype: 'int8', rows: 6, dim: 3 });
  });

  describe('from every source', () => {
    it.each(MODEL_NAMES)('gives the same "%s"', async (name) => {
      const folder = modelFolder(name);
      const sources: ModelSource[] = [
        folder,
        `${folder}/`,
        pathToFileURL(folder),
        pathToFileURL(`${folder}/`),
        pathToFileURL(folder).href,
        modelFiles(name),
        Object.fromEntries(
          Object.keys(modelFiles(name)).map((path) => [path, pathToFileURL(join(folder, path))]),
        ),
      ];
      const [first, ...others] = await Promise.all(sources.map((source) => loadStaticModel(source)));
      for (const { origin: _, ...model } of others) expect(model).toEqual({ ...first, origin: undefined });
    });

    it('reads a folder with a relative path, spaces and letters of any script', async () => {
      const folder = join(temporary, 'ein Modell %41 ü#?');
      cpSync(modelFolder('static-embedding'), folder, { recursive: true });
      await loadStaticModel(folder);
      await loadStaticModel(pathToFileURL(folder));
    });

    it('applies the subfolder before the layouts', async () => {
      const folder = join(temporary, 'repository');
      cpSync(modelFolder('float32'), folder, { recursive: true });
      cpSync(modelFolder('static-embedding'), join(folder, 'a/b c'), { recursive: true });
      for (const source of [folder, pathToFileURL(folder)]) {
        expect((await loadStaticModel(source)).layout).toBe('model2vec');
        const inner = await loadStaticModel(source, { subfolder: '/a/b c/' });
        expect(inner.layout).toBe('static-embedding');
        expect(inner.origin).toBe(`${source} (a/b c)`);
      }
      const files = Object.entries(modelFiles('float32')).map(([path, file]) => [`x/${path}`, file]);
      expect((await loadStaticModel(Object.fromEntries(files), { subfolder: 'x' })).layout).toBe('model2vec');
    });

    it.each(['..', 'a/../..', 'a//b', '.', 'a/./b'])('refuses the subfolder %j', async (subfolder) => {
      expect(await rejectionOf(modelFolder('float32'), { subfolder })).toMatchObject({
        code: 'invalid-argument',
      });
    });
  });

  describe('selects the first complete layout', () => {
    const both = { ...modelFiles('static-embedding'), ...modelFiles('float32') };

    it('and prefers model2vec', async () => {
      expect((await loadStaticModel(both)).layout).toBe('model2vec');
    });

    it('and skips one that lacks a file', async () => {
      const { 'config.json': _, ...files } = both;
      expect((await loadStaticModel(files)).layout).toBe('sentence-transformers');
      const { 'model.safetensors': __, ...nested } = both;
      expect((await loadStaticModel(nested)).layout).toBe('static-embedding');
    });

    it('and lists the missing files if there is no model', async () => {
      const { 'tokenizer.json': _, ...files } = modelFiles('float32');
      const error = await rejectionOf(files);
      expect(error).toBeInstanceOf(ModelNotFoundError);
      expect(error).toMatchObject({
        lookedFor: [
          'config.json',
          'model.safetensors',
          'tokenizer.json',
          'config_sentence_transformers.json',
          '0_StaticEmbedding/model.safetensors',
          '0_StaticEmbedding/tokenizer.json',
        ],
      });
      expect(String(error)).toMatch(
        /the given files: there is no model\. Looked for config\.json \+ .*missing: tok/,
      );
    });
  });

  describe('reports a missing model', () => {
    it.each(['', './no-such-folder', 'C:\\models\\potion', 'no-slash', 'a/b/c', '-a/b', 'a/b..c', 'a/b\0c'])(
      'for %j: neither folder nor URL nor Hub id',
      async (text) => {
        const error = await rejectionOf(text);
        expect(error).toBeInstanceOf(ModelNotFoundError);
        expect(String(error)).toMatch(/neither a folder that exists nor a URL nor a Hub id/);
      },
    );

    it('for a file instead of its folder', async () => {
      const file = join(modelFolder('float32'), 'model.safetensors');
      for (const source of [file, pathToFileURL(file)]) {
        expect(String(await rejectionOf(source))).toMatch(
          /is a file, not the folder of a model; pass the folder .*float32$/,
        );
      }
    });

    it('for a missing file: URL, and a URL with an unknown scheme', async () => {
      for (const url of ['file:///no/such/folder', 'file:/no/such/folder']) {
        expect(await rejectionOf(url)).toMatchObject({ code: 'model-not-found' });
      }
      expect(await rejectionOf('s3://bucket/model')).toMatchObject({
        code: 'model-unreachable',
        message: expect.stringMatching(
          /^s3:\/\/bucket\/model\/\S+ could not be fetched: .*scheme.*; pass a folder/,
        ),
        remedy: { code: 'use-other-source' },
      });
    });

    it('for a folder without a model', async () => {
      const folder = join(temporary, 'empty');
      mkdirSync(join(folder, 'model.safetensors'), { recursive: true });
      expect(await rejectionOf(folder)).toMatchObject({ code: 'model-not-found' });
    });

    it('for a named file that does not exist', async () => {
      const files = { ...modelFiles('float32'), 'tokenizer.json': pathToFileURL('/no/such/tokenizer.json') };
      const error = await rejectionOf(files);
      expect(error).toMatchObject({ code: 'model-not-found', lookedFor: ['tokenizer.json'] });
    });
  });

  it.each([
    [42, 'a model source must be a string, a URL or an object of files; found number'],
    [null, 'found null'],
    [
      { ...modelFiles('float32'), 'config.json': 'config.json' },
      'config.json must be a Uint8Array or a URL, found string',
    ],
  ])('refuses the source %j', async (source, message) => {
    const error = await rejectionOf(source as unknown as ModelSource);
    expect(error).toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(message) });
  });

  it('refuses an unknown quantizeTo before it reads', async () => {
    const error = await rejectionOf('no/model', { quantizeTo: 'int4' });
    expect(error).toMatchObject({
      code: 'invalid-argument',
      message: expect.stringContaining('found "int4"'),
    });
  });

  it('names the broken file, with its subfolder', async () => {
    const files: ModelFiles = { ...modelFiles('float32'), 'model.safetensors': new Uint8Array(9) };
    expect(await rejectionOf(files)).toMatchObject({ code: 'malformed-model', file: 'model.safetensors' });
    const inner = Object.fromEntries(Object.entries(files).map(([path, file]) => [`sub/${path}`, file]));
    const error = await rejectionOf(inner, { subfolder: 'sub' });
    expect(error).toBeInstanceOf(MalformedModelError);
    expect(error).toMatchObject({ file: 'sub/model.safetensors' });
  });

  it('reads a local file in one allocation of its size, with progress', async () => {
    const { folder, size } = writeLargeModel();
    const reports: LoadProgress[] = [];
    const before = process.memoryUsage().arrayBuffers;
    const model = await loadStaticModel(folder, { onProgress: (progress) => reports.push(progress) });
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(size + (1 << 20));
    expect(model.table.data.buffer.byteLength).toBe(16 * LARGE_ROWS);

    const ofTable = reports.filter(({ file }) => file === 'model.safetensors');
    expect(ofTable.length).toBeGreaterThan(1);
    const loaded = ofTable.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual([...new Set(loaded)].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(size);
    expect(reports.every(({ totalBytes }) => totalBytes !== undefined)).toBe(true);
    expect(new Set(reports.map(({ file }) => file))).toEqual(
      new Set(['config.json', 'model.safetensors', 'tokenizer.json']),
    );
  });

  it('reads the table into the given memory, for any source and conversion', async () => {
    for (const name of MODEL_NAMES) {
      for (const source of [modelFolder(name), modelFiles(name)]) {
        for (const options of [
          {},
          { quantizeTo: 'int8' },
          { quantizeTo: 'int8', dimensionality: 3 },
        ] as const) {
          const plain = await loadStaticModel(source, options);
          const given: EmbeddingTable[] = [];
          const allocateTable = (shape: TableShape): EmbeddingTable => {
            given.push(emptyTable(shape));
            return given[0]!;
          };
          const model = await loadStaticModel(source, { ...options, allocateTable });
          expect(model.table).toBe(given[0]);
          expect(given.length).toBe(1);
          expect(model.table).toEqual(plain.table);
          expect(model.fingerprint).toBe(plain.fingerprint);
        }
      }
    }
  });

  it.each([3.5, 65_504, 65_519, 65_520, 1e30, 2 ** -14, 6e-5, 1e-7, 1e-40, 0])(
    'gives the same int8 from a file as from memory if %d is the largest magnitude',
    async (largest) => {
      const folder = mkdtempSync(join(temporary, 'int8-'));
      cpSync(modelFolder('float32'), folder, { recursive: true });
      const data = Float32Array.from({ length: 24 }, (_, i) => (largest * (i - 12)) / 12 / (i % 3 || 2 ** i));
      data[23] = -largest;
      const file = writeTable(folder, data);
      const files = { ...modelFiles('float32'), 'model.safetensors': file };
      const onProgress = ({ loadedBytes, totalBytes }: LoadProgress): void =>
        expect(loadedBytes).toBeLessThanOrEqual(totalBytes!);
      const [ofFile, ofMemory] = await Promise.all(
        [folder, files].map((source) => loadStaticModel(source, { quantizeTo: 'int8', onProgress })),
      );
      expect(ofFile!.table).toEqual(ofMemory!.table);
      expect(ofFile!.table.data.buffer.byteLength).toBe(24);
    },
  );

  it('gives the same int8 from a file in many parts as from memory, and reports each byte once', async () => {
    const folder = mkdtempSync(join(temporary, 'int8-parts-'));
    cpSync(modelFolder('float32'), folder, { recursive: true });
    const data = Float32Array.from({ length: 1_400_004 }, (_, i) => Math.sin(i) * 2 ** -(i % 20));
    data[1_400_003] = -7;
    const file = writeTable(folder, data);
    const loaded: number[] = [];
    const onProgress = ({ file, loadedBytes }: LoadProgress): void => {
      if (file === 'model.safetensors') loaded.push(loadedBytes);
    };
    const ofFile = await loadStaticModel(folder, { quantizeTo: 'int8', onProgress });
    const files = { ...modelFiles('float32'), 'model.safetensors': file };
    const ofMemory = await loadStaticModel(files, { quantizeTo: 'int8' });
    const bytesOf = ({ data }: EmbeddingTable): Buffer =>
      Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    expect(bytesOf(ofFile.table).equals(bytesOf(ofMemory.table))).toBe(true);
    expect(ofFile.table.data[1_400_003]).toBe(-127);
    expect(loaded).toEqual([...new Set(loaded)].sort((a, b) => a - b));
    expect(loaded.at(-1)).toBe(file.length);
  });

  it('passes on the error of the allocation, and closes the file', async () => {
    const error = new TypeError('no memory for this');
    const allocateTable = (): never => {
      throw error;
    };
    expect(await rejectionOf(modelFolder('float32'), { allocateTable })).toBe(error);
  });

  it('allocates its own memory if it is given none', async () => {
    const allocateTable = (): undefined => undefined;
    for (const options of [{ allocateTable }, { allocateTable, dimensionality: 2 }]) {
      expect((await loadStaticModel(modelFolder('mapped-int32'), options)).table.rows).toBe(3);
      expect((await loadStaticModel(modelFiles('mapped-int32'), options)).table.rows).toBe(3);
    }
  });

  it('lets the tokenizer read meanwhile, and refuses one whose vocabulary does not fit', async () => {
    const { folder } = writeLargeModel();
    let json: Uint8Array | undefined;
    const readTokenizer = (bytes: Uint8Array): Vocabulary => {
      json = bytes;
      return { vocabularySize: LARGE_ROWS, idLimit: LARGE_ROWS };
    };
    const model = await loadStaticModel(folder, { readTokenizer });
    expect(model.tokenizerJson).toBe(json);

    const wrong = async (): Promise<Vocabulary> => ({ vocabularySize: 7, idLimit: 7 });
    expect(await rejectionOf(folder, { readTokenizer: wrong })).toMatchObject({
      code: 'model-mismatch',
      part: 'embeddings',
      message: expect.stringContaining(
        `${folder}: the table has ${LARGE_ROWS} rows, but the tokenizer has 7 tokens`,
      ),
    });
    const error = new RangeError('no tokenizer');
    const failing = (): never => {
      throw error;
    };
    expect(await rejectionOf(folder, { readTokenizer: failing })).toBe(error);
  });

  it('finds non-finite elements in any part of a table', async () => {
    const { folder, size } = writeLargeModel();
    const path = join(folder, 'model.safetensors');
    const [part, end] = [(32 << 20) / 4, 4 * LARGE_ROWS];
    for (const index of [0, part - 1, part, end - 1]) {
      const file = readFileSync(path);
      file.writeFloatLE(Number.NaN, size + 4 * (index - end));
      const broken = join(temporary, 'broken');
      cpSync(folder, broken, { recursive: true });
      writeFileSync(join(broken, 'model.safetensors'), file);
      const error = await rejectionOf(broken);
      expect(error).toMatchObject({ part: 'embeddings', count: 1, firstIndex: index });
      expect(await rejectionOf(broken, { quantizeTo: 'int8' })).toEqual(error);
    }
  });

  it('leaves no file open', { skip: !existsSync('/proc/self/fd') }, async () => {
    const open = (): string[] =>
      readdirSync('/proc/self/fd').flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/self/fd/${fd}`)].filter((path) => path.startsWith(temporary));
        } catch {
          return [];
        }
      });
    const { folder } = writeLargeModel();
    await loadStaticModel(folder);
    await rejectionOf(folder, { readTokenizer: () => ({ vocabularySize: 1, idLimit: 1 }) });
    await rejectionOf(folder, { signal: AbortSignal.timeout(1) });
    rmSync(join(folder, 'tokenizer.json'));
    await rejectionOf(folder);
    expect(open()).toEqual([]);
  });

  it("rejects with the signal's reason: before it starts, and between two pieces of a file", async () => {
    const reason = new RangeError('enough');
    expect(await rejectionOf(modelFolder('float32'), { signal: AbortSignal.abort(reason) })).toBe(reason);

    const controller = new AbortController();
    const onProgress = ({ file }: LoadProgress): void => {
      if (file === 'model.safetensors') controller.abort(reason);
    };
    const { folder } = writeLargeModel();
    expect(await rejectionOf(folder, { signal: controller.signal, onProgress })).toBe(reason);
  });

  it("rejects with an observer's own error", async () => {
    const error = new RangeError('from the observer');
    const onProgress = (): never => {
      throw error;
    };
    expect(await rejectionOf(modelFolder('float32'), { onProgress })).toBe(error);
  });

  it('marks its errors for other copies of the package', () => {
    expect(ModelError.isInstance(new MalformedModelError('config.json', 'is odd'))).toBe(true);
    expect(ModelError.isInstance(new RangeError('is odd'))).toBe(false);
  });
});
