import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fixture, MODELS, type ModelName, modelFolder } from './fixtures/model.js';
import { type CreateOptions, Model2VecEmbeddingFunction } from './index.js';

/** From this size on, tables of a `tokenizer.json` are kept. */
const LARGE_BYTES = 1 << 20;

let temporary: string;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'm2v-tables-'));
  vi.stubEnv('HF_ASSETS_CACHE', join(temporary, 'assets'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(temporary, { recursive: true, force: true });
});

/** The folder of a model whose `tokenizer.json` ends with a megabyte of spaces. */
function largeModel(name: ModelName): string {
  const folder = join(temporary, name);
  cpSync(modelFolder(name), folder, { recursive: true });
  const file = join(folder, 'tokenizer.json');
  writeFileSync(file, readFileSync(file, 'utf8').padEnd(LARGE_BYTES));
  return folder;
}

interface Loaded {
  readonly vectors: Float32Array;
  readonly fingerprint: string;
}

async function load(modelSource: string, options: CreateOptions = {}): Promise<Loaded> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource, ...options });
  try {
    return { vectors: embedder.encodeSync(fixture.texts).data, fingerprint: embedder.fingerprint };
  } finally {
    await embedder.close();
  }
}

const tablesFolder = (): string => join(temporary, 'assets', 'model2vec-ts', 'tokenizers');

/** Waits for what happens after a load, on a busy machine too. */
const eventually = <T>(look: () => T): Promise<T> => vi.waitFor(look, { timeout: 10_000 });

/** The file of the only tokenizer, once it is whole. */
function keptFile(): Promise<string> {
  return eventually(() => {
    const [name, ...others] = readdirSync(tablesFolder());
    expect([name?.length, others]).toEqual([64, []]);
    return join(tablesFolder(), name!);
  });
}

it.each(MODELS)('gives the same vectors of %s with kept tables as without', async (name) => {
  const folder = largeModel(name);
  const expected = await load(folder, { keepTables: false });
  expect(() => readdirSync(tablesFolder())).toThrow('ENOENT');
  expect(await load(folder)).toEqual(expected);

  const file = await keptFile();
  utimesSync(file, 1, 1);
  expect(await load(folder)).toEqual(expected);
  await eventually(() => expect(statSync(file).mtimeMs).toBeGreaterThan(1e12));

  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0, bytes.length >> 1));
  expect(await load(folder)).toEqual(expected);
});
