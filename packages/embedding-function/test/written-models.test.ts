import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  loadStaticModel,
  modelFilesOf,
  pruneVocabulary,
  type QuantizeModelOptions,
  quantizeModel,
  type StaticModel,
  saveStaticModel,
} from '@model2vec-ts/static-model';
import { loadTokenizer, type Tokenizer } from '@model2vec-ts/tokenizer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { preparePythonEnvironment } from '../../../scripts/python-environment.mjs';
import { fixture, MODELS, modelFolder } from '../src/fixtures/model.js';
import { Model2VecEmbeddingFunction } from '../src/index.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
/** Recorded tokenizers and texts, next to the project where it is developed. */
const recorded = join(root, '../shared/reference/model2vec-0.10.0');

const work = mkdtempSync(join(tmpdir(), 'written-models-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

async function embed(model: StaticModel, texts: readonly string[]): Promise<Float32Array> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: modelFilesOf(model) });
  try {
    return (await embedder.encode(texts)).data;
  } finally {
    await embedder.close();
  }
}

/** Answer of `reference-vectors.py` about a folder. */
interface ReferenceAnswer {
  readonly vectors?: string;
  readonly dtype?: string;
  readonly shared?: boolean;
  readonly error?: string;
}

function referenceVectors(folders: readonly string[], texts: readonly string[]): readonly ReferenceAnswer[] {
  const python = preparePythonEnvironment({
    directory: join(root, '.cache/oracle-venv'),
    requirements: join(root, 'oracle/requirements.txt'),
  });
  const program = fileURLToPath(new URL('reference-vectors.py', import.meta.url));
  const input = JSON.stringify({ folders, texts });
  return JSON.parse(execFileSync(python, [program], { input, encoding: 'utf8', maxBuffer: 1 << 28 }));
}

function expectClose(found: Float32Array, answer: ReferenceAnswer, tolerance: number): void {
  expect(answer.error).toBeUndefined();
  const expected = new Float32Array(Uint8Array.from(Buffer.from(answer.vectors!, 'base64')).buffer);
  expect(found.length).toBe(expected.length);
  let worst = 0;
  found.forEach((value, i) => {
    worst = Math.max(worst, Math.abs(value - expected[i]!) / Math.max(1, Math.abs(expected[i]!)));
  });
  expect(worst).toBeLessThanOrEqual(tolerance);
}

/** A model of random float32 rows for a tokenizer. */
function randomModel(tokenizerJson: Uint8Array, tokenizer: Tokenizer, dim = 8): StaticModel {
  let state = 1;
  const data = Float32Array.from({ length: tokenizer.vocabularySize * dim }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
  return {
    table: { dtype: 'float32', rows: tokenizer.vocabularySize, dim, data },
    tokenizerJson,
    config: { normalize: true },
    layout: 'model2vec',
    origin: 'random rows',
    fingerprint: '',
  };
}

const QUANTIZED: Readonly<Record<string, QuantizeModelOptions>> = {
  float16: { dtype: 'float16' },
  int8: { dtype: 'int8' },
  float32: { dtype: 'float32' },
  'fewer dimensions': { dimensionality: 2 },
  'shared rows': { vocabularySize: 9 },
  'shared rows, int8, fewer dimensions': { vocabularySize: 9, dtype: 'int8', dimensionality: 2 },
};

describe('Python model2vec loads saved models and gives the same vectors', () => {
  const { texts } = fixture;
  const models = new Map<string, StaticModel>();
  let answers: ReadonlyMap<string, ReferenceAnswer>;

  beforeAll(async () => {
    for (const name of MODELS) {
      const model = await loadStaticModel(modelFolder(name));
      models.set(`${name}: as it is`, model);
      for (const [form, options] of Object.entries(QUANTIZED)) {
        if (options.vocabularySize !== undefined && model.table.mapping) continue;
        models.set(`${name}: ${form}`, await quantizeModel(model, options));
      }
      const pruned = await pruneVocabulary(model, { corpus: texts.slice(4, 9) }, { loadTokenizer });
      expect(pruned.tokens, name).toBeLessThan(pruned.tokensBefore);
      models.set(`${name}: pruned`, pruned.model);
    }
    const mapped = await loadStaticModel(modelFolder('word-piece-float32'));
    const shared = await quantizeModel(mapped, { vocabularySize: 20, dtype: 'int8' });
    const pruned = await pruneVocabulary(shared, { corpus: texts.slice(4, 6) }, { loadTokenizer });
    models.set('shared rows, int8, pruned', pruned.model);

    const folders = [...models.keys()].map((_, i) => join(work, String(i)));
    for (const [i, model] of [...models.values()].entries()) await saveStaticModel(model, folders[i]!);
    const given = referenceVectors(folders, texts);
    answers = new Map([...models.keys()].map((name, i) => [name, given[i]!]));
  }, 600_000);

  const names = MODELS.flatMap((name) => [
    `${name}: as it is`,
    ...Object.entries(QUANTIZED)
      .filter(([, options]) => options.vocabularySize === undefined || name !== 'word-piece-mapped')
      .map(([form]) => `${name}: ${form}`),
    `${name}: pruned`,
  ]);

  it.each([...names, 'shared rows, int8, pruned'])('%s', async (name) => {
    const model = models.get(name)!;
    const answer = answers.get(name)!;
    const again = await loadStaticModel(join(work, String([...models.keys()].indexOf(name))));
    expect(again.fingerprint).toBe(model.fingerprint);
    expect(answer.dtype).toBe(model.table.dtype);
    expect(answer.shared).toBe(model.table.mapping !== undefined);
    expectClose(await embed(model, texts), answer, model.table.dtype === 'float16' ? 1e-3 : 1e-6);
  });
});

/** Prunes, and checks that each text of the corpus and each covered text keeps its embedding to the bit. */
async function expectSame(
  model: StaticModel,
  corpus: readonly string[],
  others: readonly string[],
  limits: readonly (number | null)[],
): Promise<StaticModel> {
  let last = model;
  for (const max_length of limits) {
    const limited = { ...model, config: { ...model.config, max_length } };
    const pruned = await pruneVocabulary(limited, { corpus }, { loadTokenizer });
    const before = loadTokenizer(model.tokenizerJson);
    const after = loadTokenizer(pruned.model.tokenizerJson);
    expect(after.medianTokenLength).toBe(before.medianTokenLength);
    expect(after.vocabularySize).toBe(pruned.tokens);
    const limit = max_length === null ? Number.POSITIVE_INFINITY : max_length * before.medianTokenLength;
    const covered = others.filter((text) =>
      before
        .encode(Array.from(text).slice(0, limit).join(''))
        .every((id) => id !== before.unknownId && after.tokenToId(before.idToToken(id)!) !== undefined),
    );
    expect(covered.length).toBeGreaterThan(0);
    const texts = [...corpus, ...covered];
    const expected = await embed(limited, texts);
    const found = await embed(pruned.model, texts);
    expect(Buffer.from(found.buffer).equals(Buffer.from(expected.buffer))).toBe(true);
    last = pruned.model;
  }
  return last;
}

describe('a pruned vocabulary', () => {
  it.each(MODELS)('changes no text of its corpus, nor any other that it covers: %s', async (name) => {
    const model = await loadStaticModel(modelFolder(name));
    for (let first = 0; first < fixture.texts.length; first += 3) {
      const corpus = fixture.texts.slice(first, first + 3);
      // The short limits cut texts, by characters and by tokens.
      await expectSame(model, corpus, fixture.texts, [512, 2, 6, null]);
    }
  });

  const proof = 'pruning changes no recorded text, for tokenizers of every family as published';
  if (!existsSync(recorded)) process.stdout.write(`SKIPPED ${proof}: ${recorded} is missing\n`);
  it.skipIf(!existsSync(recorded))(
    proof,
    async () => {
      const texts = (
        JSON.parse(gunzipSync(readFileSync(join(recorded, 'texts.json.gz'))).toString()) as { text: string }[]
      ).map(({ text }) => text);
      const folder = join(recorded, 'tokenizers');
      const files = readdirSync(folder).filter((file) => file.endsWith('.tokenizer.json'));
      const paths = [
        ...files.map((file) => join(folder, file)),
        join(root, '../shared/models/minilm-l6-256-f32/tokenizer.json'),
      ];
      expect(paths.length).toBeGreaterThan(9);
      const pruned: StaticModel[] = [];
      const folders: string[] = [];
      for (const [at, path] of paths.entries()) {
        const json = new Uint8Array(readFileSync(path));
        // Words and random Unicode alternate in this order, so that every part has some of each.
        const corpus = texts.filter((_, i) => i % 3 === at % 3);
        const model = randomModel(json, loadTokenizer(json));
        pruned.push(await expectSame(model, corpus, texts, [6, 512]));
        folders.push(join(work, `recorded-${at}`));
        await saveStaticModel(pruned[at]!, folders[at]!);
      }
      const answers = referenceVectors(folders, texts);
      for (const [at, model] of pruned.entries()) {
        expectClose(await embed(model, texts), answers[at]!, 1e-6);
      }
    },
    300_000,
  );
});
