import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { modelFiles, modelFolder } from '../../test/model-fixture.js';
import { safetensorsFile } from '../../test/safetensors-file.js';
import { loadStaticModel } from '../load-static-model.js';
import { platform as web } from '../platform/web.js';
import { fingerprintOf } from './fingerprint.js';

describe('a fingerprint', () => {
  it('is the SHA-256 of the documented bytes', async () => {
    const model = await loadStaticModel(modelFolder('mapped-int64'));
    const { data, mapping, weights } = model.table;
    const expected = createHash('sha256')
      .update('model2vec-ts fingerprint 1\n')
      .update('embeddings float32 3 4\n')
      .update(data)
      .update('mapping int32 6\n')
      .update(mapping!)
      .update('weights float32 6\n')
      .update(weights!)
      .update(`tokenizer.json ${model.tokenizerJson.length}\n`)
      .update(model.tokenizerJson)
      .digest('hex');
    expect(model.fingerprint).toBe(expected);
  });

  it('is the same in Node and elsewhere', async () => {
    for (const name of ['float16', 'mapped-int32', 'static-embedding']) {
      const model = await loadStaticModel(modelFolder(name));
      expect(fingerprintOf(model.table, model.tokenizerJson, web.createSha256())).toBe(model.fingerprint);
    }
  });

  it('does not depend on source, layout, config, or the file’s structure', async () => {
    const expected = (await loadStaticModel(modelFolder('float32'))).fingerprint;
    const others = ['sentence-transformers', 'static-embedding', 'old-name'];
    for (const name of others) expect((await loadStaticModel(modelFolder(name))).fingerprint).toBe(expected);

    const files = modelFiles('float32');
    const { table } = await loadStaticModel(files);
    const shifted = safetensorsFile({ embeddings: { dtype: 'F32', shape: [6, 4], data: table.data } }, 3);
    const config = new TextEncoder().encode('{"normalize":false}');
    const moved = await loadStaticModel({ ...files, 'model.safetensors': shifted, 'config.json': config });
    expect(moved.fingerprint).toBe(expected);
  });

  it('changes with everything that vectors depend on', async () => {
    const files = modelFiles('mapped-int64');
    const { table } = await loadStaticModel(files);
    const embeddings = { dtype: 'F32', shape: [3, 4], data: table.data };
    const mapping = { dtype: 'I32', shape: [6], data: table.mapping! };
    const weights = { dtype: 'F32', shape: [6], data: table.weights! };
    const variants = [
      { embeddings, mapping, weights },
      { embeddings: { ...embeddings, shape: [4, 3] }, mapping, weights },
      { embeddings: { ...embeddings, data: Float32Array.from(table.data, (x) => x + 1) }, mapping, weights },
      { embeddings, weights },
      { embeddings, mapping },
      { embeddings, mapping: { ...mapping, data: new Int32Array(6) }, weights },
      { embeddings, mapping, weights: { ...weights, data: new Float32Array(6) } },
      { embeddings, mapping, weights: { ...weights, dtype: 'F64', data: Float64Array.from(table.weights!) } },
    ].map((tensors) => ({ ...files, 'model.safetensors': safetensorsFile(tensors) }));
    const tokenizer = new TextEncoder().encode('{}');
    const models = await Promise.all([
      ...variants.map((variant) => loadStaticModel(variant)),
      loadStaticModel({ ...files, 'tokenizer.json': tokenizer }),
      loadStaticModel(files, { dimensionality: 3 }),
      loadStaticModel(files, { quantizeTo: 'float16' }),
    ]);
    const fingerprints = models.map(({ fingerprint }) => fingerprint);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
    expect(fingerprints[0]).toBe((await loadStaticModel(files)).fingerprint);
  });

  it('is computed on first use and then cached', async () => {
    const model = await loadStaticModel(modelFiles('float32'));
    const { fingerprint } = model;
    model.table.data[0] = 99;
    expect(model.fingerprint).toBe(fingerprint);
    expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});
