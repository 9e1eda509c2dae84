import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { modelFilesOf } from '@model2vec-ts/static-model';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { distill } from '../distill/distill-model.js';
import { evaluateRetention, retentionSet } from '../evaluate/retention.js';
import { FIXTURES, RECORDED } from '../fixtures/recorded.js';
import { loadTeacher } from '../teacher/load-teacher.js';
import type { Teacher } from '../teacher/teacher.js';
import { adapt } from './adapt-model.js';

/** Texts of words that the tiny teacher knows, the same ones in every run. */
const WORDS = [...new Set(RECORDED.texts.slice(0, 8).join(' ').split(/\W+/).filter(Boolean))];
const TEXTS = Array.from({ length: 1500 }, (_, i) =>
  Array.from(
    { length: 3 + (i % 9) },
    (__, j) => WORDS[(i * 7 + j * j * 3 + ((i * j) % 11)) % WORDS.length],
  ).join(' '),
);

describe('adapt', () => {
  let teacher: Teacher;
  let folder: string;
  beforeAll(async () => {
    teacher = await loadTeacher(`${FIXTURES}teachers/bert`, { name: 'tiny' });
    folder = await mkdtemp(join(tmpdir(), 'adapt-'));
  });
  afterAll(async () => {
    await teacher.close();
    await rm(folder, { recursive: true });
  });
  const options = { dimensionality: 16, lambda: 0.03, dtype: 'float32', threads: 2 } as const;

  it('keeps more of the ranking than a distilled model, also of texts that it did not see', async () => {
    const distilled = await distill(teacher, { dimensionality: 16, dtype: 'float32' });
    const { model, texts, lambda, trials } = await adapt(teacher, TEXTS.slice(0, 1200), {
      ...options,
      lambda: undefined,
    });
    expect(texts).toBeLessThanOrEqual(1200);
    expect(trials.map((trial) => trial.lambda)).toContain(lambda);
    const best = Math.max(...trials.map((trial) => trial.retention));
    expect(trials.find((trial) => trial.lambda === lambda)?.retention).toBe(best);
    const set = await retentionSet(teacher, TEXTS.slice(1200, 1450), TEXTS.slice(1450));
    const [before] = await evaluateRetention(distilled, set);
    const [after] = await evaluateRetention(model, set);
    expect(after!.value).toBeGreaterThan(before!.value + 0.05);
  });

  it('gives the same model again, by any number of threads and with the vectors in a cache', async () => {
    const cacheDir = join(folder, 'cache');
    const first = await adapt(teacher, TEXTS, { ...options, cacheDir });
    expect(first.cachedTexts).toBe(0);
    const again = await adapt(teacher, TEXTS, { ...options, cacheDir, threads: 3 });
    expect(again.cachedTexts).toBe(again.texts);
    expect(again.model.fingerprint).toBe(first.model.fingerprint);
    const without = await adapt(teacher, TEXTS, { ...options, threads: 1 });
    expect(without.model.fingerprint).toBe(first.model.fingerprint);
  });

  it('passes only new texts through the teacher, whatever a killed process left behind', async () => {
    const cacheDir = join(folder, 'resumed');
    await adapt(teacher, TEXTS.slice(0, 600), { ...options, cacheDir });
    // What a process leaves that is killed while it writes, and a file that the disk damaged.
    const [entry] = (await readdir(cacheDir)).sort();
    await writeFile(join(cacheDir, entry!, 'killed.tmp'), 'half a batch');
    await writeFile(join(cacheDir, entry!, 'damaged.vectors'), new Uint8Array(100));
    const more = await adapt(teacher, TEXTS, { ...options, cacheDir });
    expect(more.cachedTexts).toBe((await adapt(teacher, TEXTS.slice(0, 600), options)).texts);
    expect(more.model.fingerprint).toBe((await adapt(teacher, TEXTS, options)).model.fingerprint);
  });

  it('starts from an existing model and keeps its tokenizer', async () => {
    const from = await distill(teacher, { dimensionality: 12, vocabularySize: 90 });
    const { model } = await adapt(teacher, TEXTS, { ...options, from });
    expect(model.tokenizerJson).toEqual(from.tokenizerJson);
    expect(model.table).toMatchObject({ dim: 16, rows: from.table.mapping!.length });
    expect(model.table.mapping).toBeUndefined();
  });

  it('brings own documents nearer to where the teacher has them', async () => {
    const own = TEXTS.slice(0, 300);
    const general = TEXTS.slice(300);
    const error = async (weight: number): Promise<number> => {
      const { model } = await adapt(teacher, general, {
        ...options,
        own,
        ownWeight: weight,
        sentences: false,
      });
      const embedder = await Model2VecEmbeddingFunction.create({ modelSource: modelFilesOf(model) });
      const found = (await embedder.encode(own)).data;
      // Distances do not depend on how the axes lie.
      const wanted = await teacher.encode(own);
      let sum = 0;
      for (let i = 0; i < own.length - 1; i++) {
        let a = 0;
        let b = 0;
        for (let k = 0; k < 16; k++) a += found[i * 16 + k]! * found[(i + 1) * 16 + k]!;
        for (let k = 0; k < teacher.dim; k++)
          b += wanted[i * teacher.dim + k]! * wanted[(i + 1) * teacher.dim + k]!;
        sum += (a - b) ** 2;
      }
      await embedder.close();
      return sum;
    };
    expect(await error(50)).toBeLessThan(await error(0.02));
  });

  it.each([
    ['no text', [] as string[], 'not-enough-texts'],
    ['one text', ['the river'], 'not-enough-texts'],
    ['texts without a known token', Array.from({ length: 50 }, () => '東京'), 'not-enough-texts'],
  ])('refuses %s', async (_, texts, code) => {
    await expect(adapt(teacher, texts, options)).rejects.toMatchObject({
      code,
      remedy: { code: 'add-texts' },
    });
  });

  it.each([
    [{ dimensionality: 0 }, 'dimensionality must be a whole number from 1 to 24, which tiny has; found 0'],
    [{ dimensionality: 25 }, 'found 25'],
    [{ lambda: 0 }, 'lambda must be a number above 0; found 0'],
    [{ ownWeight: Number.NaN }, 'ownWeight must be above 0'],
  ])('refuses the option %j', async (wrong, message) => {
    await expect(adapt(teacher, TEXTS, wrong)).rejects.toThrow(message);
  });

  it('takes texts of a megabyte, of which it reads as much as the teacher', async () => {
    const long = 'the river rises '.repeat(65_536);
    const { texts } = await adapt(teacher, [...TEXTS, long], options);
    expect(texts).toBe((await adapt(teacher, TEXTS, options)).texts + 1);
  });

  it('stops at its signal, in every stage', async () => {
    for (const stage of ['tokens', 'texts', 'preparing', 'fitting'] as const) {
      const controller = new AbortController();
      const run = adapt(teacher, TEXTS, {
        ...options,
        signal: controller.signal,
        onProgress: (progress) => {
          if (progress.stage === stage) controller.abort(new Error(`during ${stage}`));
        },
      });
      await expect(run).rejects.toThrow(`during ${stage}`);
    }
  });

  it('says that the cache cannot be written', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(adapt(teacher, TEXTS, { ...options, cacheDir: join(folder, 'file') })).rejects.toMatchObject(
      {
        code: 'cache-failure',
        remedy: { code: 'use-other-cache' },
      },
    );
  });
});
