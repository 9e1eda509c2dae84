import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SearchError } from '../search-error.js';
import type { SearchMode, TextRow } from '../store/text-row.js';
import { testTextStore, wordEmbedder } from '../testing.js';
import type { VectorType } from '../vectors/vector-type.js';
import { wordsOf } from '../words/word-breaking.js';
import type { ByteRanges } from './index-format.js';
import { TextIndex } from './text-index.js';

const embedder = wordEmbedder(24);

async function codeOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => 'no error',
    (error) => (SearchError.isInstance(error) ? error.code : `foreign: ${String(error)}`),
  );
}

describe.each(['wasm', 'js'] as const)('a text index on %s', (kernel) => {
  for (const { name, run } of testTextStore(() => TextIndex.create({ embedder: wordEmbedder(), kernel }), {
    fullText: true,
  })) {
    it(name, run);
  }
});

describe('a text index without full text', () => {
  const create = () => TextIndex.create({ embedder: wordEmbedder(), fullText: false });
  for (const { name, run } of testTextStore(create, { fullText: false })) it(name, run);
});

/** Everything in float64, from the definitions. */
class Model {
  readonly rows = new Map<string, TextRow>();

  async dense(query: string, limit: number): Promise<{ id: string; score: number }[]> {
    const [vector] = await embedder.encodeQueries([query]);
    const scored = [];
    for (const [id, { text }] of this.rows) {
      const [other] = await embedder.encodeDocuments([text]);
      scored.push({ id, score: cosine(vector!, other!) });
    }
    return scored.sort((a, b) => b.score - a.score).slice(0, limit);
  }

  words(query: string, limit: number): { id: string; score: number }[] {
    const documents = [...this.rows].map(([id, { text }]) => ({ id, words: wordsOf(text) }));
    const average = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
    const scored = documents.map(({ id, words }) => {
      let score = 0;
      for (const word of wordsOf(query)) {
        const rows = documents.filter((each) => each.words.includes(word)).length;
        const count = words.filter((each) => each === word).length;
        const idf = Math.log(1 + (documents.length - rows + 0.5) / (rows + 0.5));
        score += (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * words.length) / average));
      }
      return { id, score };
    });
    return scored
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score)
      .slice(0, limit);
  }
}

function cosine(a: Float32Array, b: Float32Array): number {
  let product = 0;
  for (let i = 0; i < a.length; i++) product += a[i]! * b[i]!;
  const length = Math.hypot(...a) * Math.hypot(...b);
  return length === 0 ? 0 : product / length;
}

/** Equal scores, and equal ids wherever no tie leaves a choice. */
function expectSameRanking(
  found: readonly { readonly id: unknown; readonly score: number }[],
  wanted: readonly { readonly id: string; readonly score: number }[],
): void {
  expect(found.length).toBe(wanted.length);
  found.forEach(({ id, score }, i) => {
    expect(score).toBeCloseTo(wanted[i]!.score, 10);
    const isTied = wanted.some((other, j) => j !== i && Math.abs(other.score - wanted[i]!.score) < 1e-9);
    if (!isTied && i < wanted.length - 1) expect(id).toBe(wanted[i]!.id);
  });
}

const WORDS = ['red', 'green', 'blue', 'round', 'square', 'old', 'new', 'the', 'of', 'café', '東京都'];
const text = fc.array(fc.constantFrom(...WORDS), { maxLength: 12 }).map((words) => words.join(' '));
const id = fc.integer({ min: 0, max: 30 }).map(String);
const step = fc.oneof(
  fc.record({
    kind: fc.constant('upsert' as const),
    rows: fc.array(fc.record({ id, text }), { maxLength: 40 }),
  }),
  fc.record({ kind: fc.constant('delete' as const), ids: fc.array(id, { maxLength: 12 }) }),
  fc.record({ kind: fc.constant('search' as const), query: text, limit: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ kind: fc.constant('reload' as const) }),
);

describe('a text index', () => {
  it('equals a model in float64 after any sequence of changes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 14 }),
        fc.constantFrom('wasm' as const, 'js' as const),
        async (steps, kernel) => {
          let index = await TextIndex.create({ embedder, kernel });
          const model = new Model();
          for (const each of steps) {
            if (each.kind === 'upsert') {
              await index.upsert(each.rows, { batchRows: 7 });
              for (const row of each.rows) model.rows.set(row.id, row);
            } else if (each.kind === 'delete') {
              const wanted = new Set(each.ids.filter((key) => model.rows.delete(key))).size;
              expect(await index.delete(each.ids)).toBe(wanted);
            } else if (each.kind === 'reload') {
              index = await TextIndex.load(joined(await index.save()), { embedder });
            } else {
              const { query, limit } = each;
              const dense = await index.search(query, { mode: 'dense', limit });
              expectSameRanking(dense.hits, await model.dense(query, limit));
              const words = await index.search(query, { mode: 'fullText', limit });
              expectSameRanking(words.hits, model.words(query, limit));
            }
            expect(index.size).toBe(model.rows.size);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(['float32', 'int8', 'binary'] as const)(
    'ranks %s vectors alike on both kernels',
    async (vectorType) => {
      const rows = manyRows(3000);
      const indexes = await Promise.all(
        (['wasm', 'js'] as const).map((kernel) => TextIndex.create({ embedder, vectorType, kernel })),
      );
      for (const index of indexes) await index.upsert(rows);
      expect(indexes.map(({ kernel }) => kernel)).toEqual(['wasm', 'js']);
      const queries = rows.slice(0, 20).map((row) => `${row.text} new`);
      const [wasm, js] = await Promise.all(indexes.map((index) => index.search(queries, { limit: 15 })));
      expect(wasm).toEqual(js);
    },
  );

  it('finds a row as soon as upsert returns, and never an old version of it', async () => {
    const index = await TextIndex.create({ embedder });
    for (let round = 0; round < 300; round++) {
      await index.upsert([{ id: 'note', text: `version number${round}` }]);
      const { hits } = await index.search(`number${round}`, { limit: 5 });
      expect(hits.map((hit) => hit.text)).toEqual([`version number${round}`]);
    }
  });

  it('keeps int and string ids apart, and treats a bigint like the equal number', async () => {
    const index = await TextIndex.create({ embedder });
    await index.upsert([
      { id: 1, text: 'one' },
      { id: '1', text: 'text one' },
      { id: 2n ** 60n, text: 'large' },
    ]);
    expect((await index.get([1n, '1', 2n ** 60n])).map((row) => row?.text)).toEqual([
      'one',
      'text one',
      'large',
    ]);
    const loaded = await TextIndex.load(joined(await index.save()), { embedder });
    expect((await loaded.get(2n ** 60n))?.id).toBe(2n ** 60n);
  });

  it('copies metadata on the way in and out', async () => {
    const index = await TextIndex.create({ embedder });
    const tags = ['a'];
    await index.upsert([{ id: 'x', text: 'x', tags }]);
    tags.push('b');
    ((await index.get('x'))!.fields.tags as string[]).push('c');
    expect((await index.get('x'))!.fields).toEqual({ tags: ['a'] });
  });

  it('returns stored vectors on request', async () => {
    const index = await TextIndex.create({ embedder });
    await index.upsert([{ id: 'x', text: 'x', vector: new Float32Array(24).fill(0.5) }]);
    expect((await index.get('x', { fields: ['vector'] }))!.fields).toEqual({
      vector: new Float32Array(24).fill(0.5),
    });
  });

  it.each([
    ['text', { text: 'lone \ud800' }],
    ['field', { text: 'x', size: Number.NaN }],
    ['field', { text: 'x', made: new Date(0) }],
    ['vector', { text: 'x', vector: new Float32Array(3) }],
    ['id', { text: 'x', id: 1.5 }],
  ])('reports a row whose %s cannot be stored', async (part, row) => {
    const index = await TextIndex.create({ embedder });
    const { failed, stored } = await index.upsert([row as TextRow]);
    expect([stored, failed.length]).toEqual([0, 1]);
    expect(failed[0]!.reason).toContain(part);
  });

  it('refuses wrong calls with a code', async () => {
    const index = await TextIndex.create({ embedder });
    expect(await codeOf(index.search('x', { limit: 0 }))).toBe('invalid-argument');
    expect(await codeOf(index.search('x', { mode: 'text' as SearchMode }))).toBe('invalid-argument');
    expect(await codeOf(index.search(new Float32Array(3)))).toBe('invalid-argument');
    expect(await codeOf(index.delete({ filter: ' ' }))).toBe('invalid-argument');
    expect(await codeOf(index.upsert([{ text: 'x' }], { signal: AbortSignal.abort() }))).toBe('aborted');
    expect(await codeOf(TextIndex.create({ embedder, vectorType: 'int4' as VectorType }))).toBe(
      'invalid-argument',
    );
    expect(await codeOf(TextIndex.create({ embedder, metric: 'HAMMING' }))).toBe('invalid-argument');
  });

  it('names a failing embedder', async () => {
    const broken = { ...embedder, encodeDocuments: () => Promise.reject(new Error('no power')) };
    const index = await TextIndex.create({ embedder: broken });
    expect(await codeOf(index.upsert([{ text: 'x' }]))).toBe('embedder');
  });
});

describe('a saved index', () => {
  it('is equal when loaded whole or by ranges', async () => {
    const index = await TextIndex.create({ embedder, vectorType: 'int8' });
    const rows = manyRows(500).map((row, i) => ({ ...row, n: i, ...(i % 3 === 0 && { tags: ['t'] }) }));
    await index.upsert(rows);
    await index.delete(['7', '8']);
    const bytes = joined(await index.save());
    const reads: number[] = [];
    const ranges: ByteRanges = {
      byteLength: bytes.length,
      read: (start, end) => {
        reads.push(end - start);
        return Promise.resolve(bytes.slice(start, end));
      },
    };
    const whole = await TextIndex.load(bytes, { embedder });
    const ranged = await TextIndex.load(ranges, { embedder });
    const opening = reads.length;
    for (const loaded of [whole, ranged]) {
      expect(await loaded.search(['red round', 'old'], { limit: 5 })).toEqual(
        await index.search(['red round', 'old'], { limit: 5 }),
      );
      expect(await loaded.get(['1', '7'])).toEqual(await index.get(['1', '7']));
    }
    // Texts of hits are read one by one.
    expect(reads.length - opening).toBeLessThanOrEqual(11);
    for (const loaded of [whole, ranged]) {
      expect(await loaded.count('n < 10')).toBe(8);
      await loaded.upsert([{ id: '7', text: 'back again' }]);
      expect((await loaded.search('back again', { limit: 1 })).hits[0]!.id).toBe('7');
    }
  });

  it('is refused if any byte was altered', async () => {
    const index = await TextIndex.create({ embedder });
    await index.upsert(manyRows(3));
    const bytes = joined(await index.save());
    for (let at = 0; at < bytes.length; at += 13) {
      const altered = bytes.slice();
      altered[at]! ^= 0x40;
      const code = await codeOf(TextIndex.load(altered, { embedder }));
      // Padding between sections is unused.
      if (code === 'no error') expect(bytes[at]).toBe(0);
      else expect(code).toBe('malformed');
    }
    for (const length of [0, 4, 15, 100, bytes.length - 70]) {
      expect(await codeOf(TextIndex.load(bytes.slice(0, length), { embedder }))).toBe('malformed');
    }
  });

  it('is refused for another model', async () => {
    const index = await TextIndex.create({ embedder });
    const bytes = joined(await index.save());
    const other = { ...embedder, fingerprint: 'another' };
    expect(await codeOf(TextIndex.load(bytes, { embedder: other }))).toBe('mismatch');
    expect((await TextIndex.load(bytes, { embedder: other, force: true })).size).toBe(0);
  });
});

function manyRows(count: number): { id: string; text: string }[] {
  return Array.from({ length: count }, (_, i) => ({
    id: String(i),
    text: Array.from(
      { length: 1 + (i % 7) },
      (_, j) => WORDS[(i * 7 + j * j * 3 + (i >> 3)) % WORDS.length],
    ).join(' '),
  }));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
