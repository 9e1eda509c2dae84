import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { fixture, MODELS, modelFolder } from './fixtures/model.js';
import { type EmbeddingMatrix, Model2VecEmbeddingFunction } from './index.js';

const words = fixture.texts.flatMap((text) => text.slice(0, 80).split(' '));
const text = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((w) => w.join(' ')) },
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('', ...fixture.texts),
);
const texts = fc.array(text, { maxLength: 12 });
const runs = { numRuns: 60 };

function bits({ data }: EmbeddingMatrix): number[] {
  return [...new Uint32Array(data.buffer, data.byteOffset, data.length)];
}

describe.each(MODELS)('any text encoded with %s', (name) => {
  let embedder: Model2VecEmbeddingFunction;
  beforeAll(async () => {
    embedder = await Model2VecEmbeddingFunction.create({ modelSource: modelFolder(name) });
  });

  it('batches together equal one batch', () => {
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        expect(bits(embedder.encodeSync([...a, ...b]))).toEqual([
          ...bits(embedder.encodeSync(a)),
          ...bits(embedder.encodeSync(b)),
        ]);
      }),
      runs,
    );
  });

  it('rows follow their texts in any order, independent of other texts', () => {
    const shuffled = texts.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray([...list.keys()], { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, ([list, order]) => {
        const whole = embedder.encodeSync(list);
        const other = embedder.encodeSync(order.map((i) => list[i]!));
        for (const [row, i] of order.entries()) {
          expect(other.row(row)).toEqual(whole.row(i));
          expect(embedder.encodeSync([list[i]!]).data).toEqual(whole.row(i));
        }
      }),
      runs,
    );
  });

  it('batch size and method do not change a bit', async () => {
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 13 }), async (list, batchSize) => {
        const expected = bits(embedder.encodeSync(list));
        expect(bits(await embedder.encode(list, { batchSize }))).toEqual(expected);
        const streamed: number[] = [];
        for await (const matrix of embedder.encodeStream(list, { batchSize })) streamed.push(...bits(matrix));
        expect(streamed).toEqual(expected);
      }),
      runs,
    );
  });

  it('normalised rows have unit length or are zero', () => {
    fc.assert(
      fc.property(texts, (list) => {
        for (const row of embedder.encodeSync(list, { normalize: true })) {
          const norm = Math.hypot(...row);
          if (norm !== 0) expect(norm).toBeCloseTo(1, 6);
        }
      }),
      runs,
    );
  });

  it('a text is the mean of its tokens', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const [tokens] = await embedder.encodeAsSequence([value]);
        const mean = new Float64Array(embedder.dim);
        for (const row of tokens ?? []) {
          for (const [j, x] of row.entries()) mean[j]! += x / (tokens?.rows ?? 1);
        }
        const found = embedder.encodeSync([value], { maxLength: null, normalize: false });
        for (const [j, x] of found.data.entries()) expect(x).toBeCloseTo(mean[j]!, 4);
      }),
      runs,
    );
  });
});
