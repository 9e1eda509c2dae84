import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIXTURES, RECORDED } from '../fixtures/recorded.js';
import { CachedTeacher } from './cached-teacher.js';
import { loadTeacher } from './load-teacher.js';
import type { Teacher } from './teacher.js';

describe('CachedTeacher', () => {
  let cacheDir: string;
  let teacher: Teacher;
  beforeAll(async () => {
    cacheDir = await mkdtemp(join(tmpdir(), 'cached-teacher-'));
    teacher = await loadTeacher(`${FIXTURES}teachers/bert`);
  });
  afterAll(async () => {
    await teacher.close();
    await rm(cacheDir, { recursive: true, force: true });
  });

  /** The teacher, and the texts that it encodes. */
  function watched(): { readonly teacher: Teacher; readonly encoded: string[] } {
    const encoded: string[] = [];
    return {
      encoded,
      teacher: {
        ...teacher,
        encode: (texts, options) => {
          encoded.push(...texts);
          return teacher.encode(texts, options);
        },
      },
    };
  }

  it("gives the teacher's vectors, and encodes a text once across runs", async () => {
    const texts = RECORDED.texts.slice(0, 6);
    const expected = await teacher.encode(texts);
    const first = watched();
    const before = await CachedTeacher.open(first.teacher, { cacheDir });
    expect(await before.encode(texts.slice(0, 4))).toEqual(expected.slice(0, 4 * teacher.dim));
    expect(before.cachedTexts).toBe(0);

    const second = watched();
    const after = await CachedTeacher.open(second.teacher, { cacheDir });
    const vectors = await after.encode(texts);
    expect(second.encoded).toEqual(texts.slice(4));
    expect(after.cachedTexts).toBe(4);
    // A batch's padding changes the last digits.
    expect(vectors.map((value, i) => Math.abs(value - expected[i]!)).every((gap) => gap < 1e-5)).toBe(true);
  });

  it('encodes each time without a folder', async () => {
    const { teacher: counted, encoded } = watched();
    const uncached = await CachedTeacher.open(counted);
    await uncached.encode(['a text']);
    await uncached.encode(['a text']);
    expect(encoded).toEqual(['a text', 'a text']);
    expect(uncached.cachedTexts).toBe(0);
  });
});
