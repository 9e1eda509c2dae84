import { loadStaticModel } from '@model2vec-ts/static-model';
import { loadTokenizer } from '@model2vec-ts/tokenizer';
import { expect, it } from 'vitest';
import { MODELS, modelFolder } from './fixtures/model.js';
import { Model2VecEmbeddingFunction } from './index.js';

it.each(MODELS)('the facts of %s are those of its files, whatever the settings', async (name) => {
  const loaded = await loadStaticModel(modelFolder(name));
  const tokenizer = loadTokenizer(loaded.tokenizerJson);
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: modelFolder(name),
    normalize: false,
    maxLength: 7,
  });
  expect(embedder.model).toEqual({
    layout: loaded.layout,
    rows: loaded.table.rows,
    dtype: loaded.table.dtype,
    mapped: loaded.table.mapping !== undefined,
    weighted: loaded.table.weights !== undefined,
    vocabularySize: tokenizer.vocabularySize,
    tokenizerFamily: tokenizer.family,
    medianTokenLength: tokenizer.medianTokenLength,
  });
  expect(embedder.model.rows).toBeGreaterThan(0);
  await embedder.close();
});
