import {
  existsSync,
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
import { modelFiles } from '../../../test/model-fixture.js';
import { loadStaticModel } from '../../load-static-model.js';
import type { KeptTables } from '../../source/kept-tables.js';
import type { ReadContext } from '../../source/model-folder.js';
import { keptTables } from './kept-tables.js';

const CONTEXT: ReadContext = { signal: new AbortController().signal, onProgress: () => undefined };
const JSON_BYTES = new TextEncoder().encode('{"a tokenizer": 1}');
const PARTS = [Uint8Array.of(1, 2, 3), new Uint8Array(3_000_000).fill(7)];

let assets: string;
let folder: string;
beforeEach(() => {
  assets = mkdtempSync(join(tmpdir(), 'kept-tables-'));
  folder = join(assets, 'model2vec-ts', 'tokenizers');
  vi.stubEnv('HF_ASSETS_CACHE', assets);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(assets, { recursive: true, force: true });
});

/** Waits for what happens after a write, on a busy machine too. */
const eventually = <T>(look: () => T): Promise<T> => vi.waitFor(look, { timeout: 10_000 });

const place = (json = JSON_BYTES): KeptTables => keptTables(json, CONTEXT)!;

async function written(json = JSON_BYTES): Promise<string> {
  const before = new Set(existsSync(folder) ? readdirSync(folder) : []);
  place(json).write(PARTS);
  return eventually(() => {
    const added = readdirSync(folder).find((name) => !before.has(name) && !name.endsWith('.tmp'));
    if (added === undefined) throw new Error('not written yet');
    return join(folder, added);
  });
}

it('reads the parts of a write as one array', async () => {
  expect(await place().read()).toBeUndefined();
  await written();
  const tables = await place().read();
  expect(Buffer.concat(PARTS).equals(tables!)).toBe(true);
  expect(tables!.byteOffset % 8).toBe(0);
});

it('has nothing for another tokenizer', async () => {
  await written();
  expect(await place(new TextEncoder().encode('{}')).read()).toBeUndefined();
});

it.each([
  ['a changed byte', (bytes: Buffer) => bytes.fill(9, 1_000_000, 1_000_001)],
  ['a changed hash', (bytes: Buffer) => bytes.fill(bytes[0]! ^ 1, 0, 1)],
  ['a lost end', (bytes: Buffer) => bytes.subarray(0, -1)],
  ['no more than a beginning', (bytes: Buffer) => bytes.subarray(0, 5)],
  ['no bytes', () => Buffer.alloc(0)],
])('takes a file with %s for none, and replaces it', async (_, damage) => {
  const file = await written();
  const whole = readFileSync(file);
  writeFileSync(file, damage(Buffer.from(whole)));
  expect(await place().read()).toBeUndefined();
  place().write(PARTS);
  await eventually(() => expect(readFileSync(file).equals(whole)).toBe(true));
});

it('keeps nothing where nothing can be written', async () => {
  writeFileSync(join(assets, 'model2vec-ts'), 'a file in place of the folder');
  place().write(PARTS);
  expect(await place().read()).toBeUndefined();
});

it('keeps the eight files that were used last', async () => {
  const files: string[] = [];
  for (let i = 0; i < 8; i++) {
    const file = await written(Uint8Array.of(i));
    utimesSync(file, i + 1, i + 1);
    files.push(file);
  }
  expect(await place(Uint8Array.of(0)).read()).toBeDefined();
  await eventually(() => expect(statSync(files[0]!).mtimeMs).toBeGreaterThan(9000));
  await written(Uint8Array.of(8));
  await eventually(() => expect(readdirSync(folder)).toHaveLength(8));
  expect(existsSync(files[0]!)).toBe(true);
  expect(existsSync(files[1]!)).toBe(false);
});

it('removes what a killed program left, but not what another program is writing', async () => {
  await written();
  const [abandoned, current] = ['a.tmp', 'b.tmp'].map((name) => join(folder, name));
  for (const file of [abandoned!, current!]) writeFileSync(file, 'half of the tables');
  utimesSync(abandoned!, 1, 1);
  await written(Uint8Array.of(1));
  await eventually(() => expect(existsSync(abandoned!)).toBe(false));
  expect(existsSync(current!)).toBe(true);
  expect(await place().read()).toBeDefined();
});

it.each([
  ['a tokenizer of a megabyte', 1 << 20, {}, true],
  ['a smaller tokenizer', (1 << 20) - 1, {}, false],
  ['a program that keeps no tables', 1 << 20, { keepTables: false }, false],
])('is offered for %s, or not', async (_, size, options, isOffered) => {
  const files = modelFiles('float32');
  const text = new TextDecoder().decode(files['tokenizer.json'] as Uint8Array);
  const tokenizer = new TextEncoder().encode(text.padEnd(size));
  let offered: KeptTables | undefined;
  await loadStaticModel(
    { ...files, 'tokenizer.json': tokenizer },
    {
      ...options,
      readTokenizer: (_json, tables) => {
        offered = tables;
        return { vocabularySize: 6, idLimit: 6 };
      },
    },
  );
  expect(offered !== undefined).toBe(isOffered);
});
