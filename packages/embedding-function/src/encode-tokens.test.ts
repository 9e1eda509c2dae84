import { describe, expect, it } from 'vitest';
import { fixture, MODELS, modelFolder } from './fixtures/model.js';
import { Model2VecEmbeddingFunction } from './index.js';

describe.each(MODELS)('token ids of %s', (name) => {
  it.each([{}, { maxLength: 3 }, { maxLength: null }, { maxLength: 0 }])(
    'give the bits of encode with %j',
    async (options) => {
      const embedder = await Model2VecEmbeddingFunction.create({ modelSource: modelFolder(name) });
      for (const normalize of [true, false]) {
        const tokens = embedder.tokenize(fixture.texts, options);
        const direct = await embedder.encode(fixture.texts, { ...options, normalize });
        expect((await embedder.encodeTokens(tokens, { normalize })).data).toEqual(direct.data);
      }
      await embedder.close();
    },
  );

  it('give the bits of a model loaded with fewer dimensions', async () => {
    const embedder = await Model2VecEmbeddingFunction.create({ modelSource: modelFolder(name) });
    for (const dimensionality of [2, 3, embedder.dim]) {
      const modelSource = modelFolder(name);
      const small = await Model2VecEmbeddingFunction.create({ modelSource, dimensionality });
      for (const normalize of [true, false]) {
        const options = { normalize, dimensionality };
        const matrix = await embedder.encodeTokens(embedder.tokenize(fixture.texts), options);
        expect(matrix.data).toEqual((await small.encode(fixture.texts, { normalize })).data);
      }
    }
  });

  it('count unknown tokens, up to the limit', async () => {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: modelFolder(name),
      maxLength: null,
    });
    const { ids, offsets } = embedder.tokenize(fixture.texts);
    expect(offsets.length).toBe(fixture.texts.length + 1);
    fixture.texts.forEach((text, i) => {
      expect(ids.slice(offsets[i], offsets[i + 1])).toEqual(embedder.tokenizer.encode(text));
    });
  });
});

describe('encodeTokens', () => {
  it('refuses ids that the model lacks', async () => {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: modelFolder('word-piece-float32'),
    });
    const tokens = { ids: Uint32Array.of(1, 4_000_000_000), offsets: Uint32Array.of(0, 2) };
    await expect(embedder.encodeTokens(tokens)).rejects.toMatchObject({ code: 'token-id-out-of-range' });
  });

  it('refuses dimensions that the model lacks', async () => {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: modelFolder('word-piece-float32'),
    });
    const tokens = embedder.tokenize(['the']);
    for (const dimensionality of [0, 1.5, 10]) {
      await expect(embedder.encodeTokens(tokens, { dimensionality })).rejects.toThrow('from 1 to 9');
    }
  });

  it('ends in an error after close', async () => {
    const embedder = await Model2VecEmbeddingFunction.create({
      modelSource: modelFolder('word-piece-float32'),
    });
    await embedder.close();
    expect(() => embedder.tokenize(['the'])).toThrow('closed');
    expect(() => embedder.tokenizer).toThrow('closed');
    await expect(
      embedder.encodeTokens({ ids: new Uint32Array(), offsets: Uint32Array.of(0) }),
    ).rejects.toMatchObject({ code: 'closed' });
  });
});
