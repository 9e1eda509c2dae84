import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRetentionSets, readRetrievalSet, readScoredPairs } from './evaluation-files.js';
import { evaluateRetention, retentionSet } from './retention.js';
import { evaluateRetrieval } from './retrieval.js';

/** A text is an angle; near angles have near vectors. */
const angles = {
  encode: async (texts: readonly string[]): Promise<Float32Array> =>
    Float32Array.from(
      texts.flatMap((text) => {
        const angle = Number(text.split(' ').at(-1));
        return [Math.cos(angle), Math.sin(angle)];
      }),
    ),
};

describe('evaluateRetrieval', () => {
  it('computes the figures of BEIR', async () => {
    const documents = new Map(['0.1', '0.2', '0.3', '0.4', '0.5'].map((text, i) => [`d${i}`, text]));
    const scores = await evaluateRetrieval(angles, {
      documents,
      queries: new Map([
        ['q', '0'],
        ['unjudged', '1'],
      ]),
      judgements: new Map([
        [
          'q',
          new Map([
            ['d1', 2],
            ['d3', 1],
            ['gone', 1],
            ['d0', 0],
          ]),
        ],
      ]),
    });
    const values = Object.fromEntries(scores.map(({ metric, value }) => [metric, value]));
    expect(values['nDCG@10']).toBeCloseTo(
      (2 / Math.log2(3) + 1 / Math.log2(5)) / (2 + 1 / Math.log2(3) + 0.5),
      12,
    );
    expect(values['recall@10']).toBeCloseTo(2 / 3, 12);
    expect(values['recall@100']).toBeCloseTo(2 / 3, 12);
    expect(values['MRR@10']).toBe(0.5);
    expect(scores.every(({ count }) => count === 1)).toBe(true);
  });

  it('leaves out a document with the id of the query', async () => {
    const scores = await evaluateRetrieval(angles, {
      documents: new Map([
        ['q', '0'],
        ['d', '1'],
      ]),
      queries: new Map([['q', '0']]),
      judgements: new Map([['q', new Map([['d', 1]])]]),
    });
    expect(scores.find(({ metric }) => metric === 'MRR@10')?.value).toBe(1);
  });

  it('refuses a set without a relevant document', async () => {
    const set = { documents: new Map([['d', '0']]), queries: new Map([['q', '0']]), judgements: new Map() };
    await expect(evaluateRetrieval(angles, set)).rejects.toMatchObject({ code: 'malformed-data' });
  });
});

describe('evaluateRetention', () => {
  const documents = Array.from({ length: 40 }, (_, i) => String(i / 20));

  it('is 1 for the teacher itself and counts what another model finds', async () => {
    const set = await retentionSet(angles, documents, ['0.5', '1.1'], { count: 3 });
    expect(set.nearest[0]).toEqual([10, 9, 11]);
    expect(await evaluateRetention(angles, set)).toMatchObject([{ metric: 'retention@3', value: 1 }]);
    const mirrored = {
      encode: async (texts: readonly string[]) =>
        await angles.encode(texts.map((text) => String(Number(text) ** 2))),
    };
    const [score] = await evaluateRetention(mirrored, set);
    expect(score!.value).toBeLessThanOrEqual(1);
    expect(score!.low).toBeLessThanOrEqual(score!.value);
  });

  it('stops at its signal', async () => {
    const set = { documents, queries: documents, nearest: documents.map(() => [0]) };
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(evaluateRetention(angles, set, { signal })).rejects.toThrow('enough');
  });

  it('refuses empty sets', async () => {
    await expect(evaluateRetention(angles, { documents, queries: [], nearest: [] })).rejects.toMatchObject({
      code: 'malformed-data',
    });
    await expect(retentionSet(angles, [], ['0'])).rejects.toThrow('found 0 documents and 1 queries');
  });
});

describe('files of evaluations', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each([
    ['pairs.csv', 'sentence1,score,sentence2\n"one, ""two""",3.5,three\r\nfour,1,"five\nsix"\n'],
    ['pairs.tsv', 'one, "two"\tthree\t3.5\nfour\tfive six\t1'],
    [
      'pairs.jsonl',
      '{"sentence1":"one, \\"two\\"","sentence2":"three","score":3.5}\n["four","five six",1]\n',
    ],
  ])('reads pairs of %s, gzipped too', async (name, text) => {
    await writeFile(file(name), text);
    await writeFile(file(`${name}.gz`), gzipSync(text));
    const pairs = await readScoredPairs(file(name));
    expect(pairs[0]).toEqual({ first: 'one, "two"', second: 'three', score: 3.5 });
    expect(pairs[1]).toMatchObject({ first: 'four', score: 1 });
    expect(await readScoredPairs(file(`${name}.gz`))).toEqual(pairs);
  });

  it('names the pair that has no number', async () => {
    await writeFile(file('bad.csv'), 'a,b,1\nc,d,\n');
    await expect(readScoredPairs(file('bad.csv'))).rejects.toThrow('pair 2 must have two texts and a number');
  });

  it('reads several lists of queries', async () => {
    await writeFile(
      file('set.json'),
      JSON.stringify({ corpus: ['a', 'b'], queries: [['q'], ['r']], top10: [[[1]], [[0]]] }),
    );
    const sets = await readRetentionSets(file('set.json'));
    expect(sets.map(({ queries, nearest }) => [queries, nearest])).toEqual([
      [['q'], [[1]]],
      [['r'], [[0]]],
    ]);
    await writeFile(file('set.json'), JSON.stringify({ corpus: ['a'], queries: ['q'], top10: [] }));
    await expect(readRetentionSets(file('set.json'))).rejects.toThrow(
      'a list of positions in "top10" for each query',
    );
  });

  it("reads BEIR's layout", async () => {
    await mkdir(file('qrels'));
    await writeFile(
      file('corpus.jsonl'),
      '{"_id":"d","title":"Title","text":"text"}\n{"_id":2,"text":"other"}\n',
    );
    await writeFile(file('queries.jsonl.gz'), gzipSync('{"_id":"q","text":"query"}'));
    await writeFile(file('qrels/test.tsv'), 'query-id\tcorpus-id\tscore\nq\td\t1\n');
    expect(await readRetrievalSet(folder)).toEqual({
      documents: new Map([
        ['d', 'Title text'],
        ['2', 'other'],
      ]),
      queries: new Map([['q', 'query']]),
      judgements: new Map([['q', new Map([['d', 1]])]]),
    });
  });

  it('says which file a folder lacks', async () => {
    await expect(readRetrievalSet(join(folder, 'none'))).rejects.toThrow('has no qrels/test.tsv');
  });
});
