import { describe, expect, it } from 'vitest';
import { modelFiles } from '../test/model-fixture.js';
import { widenFloat16 } from './elements/float16.js';
import { loadStaticModel } from './load-static-model.js';
import { ModelError } from './model-error.js';
import { type QuantizeModelOptions, quantizeModel } from './quantize-model.js';
import { modelFilesOf } from './save/save-static-model.js';
import type { StaticModel } from './static-model.js';
import type { EmbeddingTable } from './table/embedding-table.js';

const model = (name: string): Promise<StaticModel> => loadStaticModel(modelFiles(name));

function rowOf({ data, dim, dtype }: EmbeddingTable, row: number): number[] {
  const elements = data.subarray(row * dim, (row + 1) * dim);
  if (dtype !== 'float16') return Array.from(elements);
  const wide = new Float64Array(dim);
  widenFloat16(elements as Uint16Array, wide);
  return [...wide];
}

describe('quantizeModel', () => {
  it('converts and truncates like loading, in the reference’s order', async () => {
    const whole = await model('float32');
    const made = await quantizeModel(whole, { dtype: 'int8', dimensionality: 3 });
    const loaded = await loadStaticModel(modelFiles('float32'), { quantizeTo: 'int8', dimensionality: 3 });
    expect(made.table).toEqual(loaded.table);
    expect(made.fingerprint).toBe(loaded.fingerprint);
    expect(made.fingerprint).not.toBe(whole.fingerprint);
  });

  it.each(['float16', 'float32', 'float64', 'int8', 'bfloat16'])(
    'shares rows among tokens and keeps their lengths: %s',
    async (name) => {
      const whole = await model(name);
      const wide = await quantizeModel(whole, { dtype: 'float32' });
      const { rows } = whole.table;
      const { table } = await quantizeModel(whole, { vocabularySize: rows });
      expect(table.dtype).toBe(name === 'int8' || name === 'bfloat16' ? 'float32' : name);
      expect(table.mapping).toHaveLength(rows);
      for (let id = 0; id < rows; id++) {
        const row = rowOf(table, table.mapping![id]!).map((value) => value * table.weights![id]!);
        rowOf(wide.table, id).forEach((value, column) => {
          expect(Math.abs(row[column]! - value)).toBeLessThan(2e-3 * Math.max(1, table.weights![id]!));
        });
      }
      const halved = await quantizeModel(whole, { vocabularySize: Math.ceil(rows / 2) });
      expect(halved.table.rows).toBe(Math.ceil(rows / 2));
      expect(halved.table.weights).toEqual(table.weights);
    },
  );

  it('clusters the rows unchanged if the model has its own weights', async () => {
    const whole = await model('weights-float32');
    if (whole.table.mapping) throw new ModelError('invalid-argument', 'the fixture has a mapping');
    const { table } = await quantizeModel(whole, { vocabularySize: whole.table.rows });
    expect(table.weights).toBe(whole.table.weights);
    for (let id = 0; id < table.rows; id++) {
      const row = rowOf(table, table.mapping![id]!);
      rowOf(whole.table, id).forEach((value, column) => {
        expect(row[column]!).toBeCloseTo(value, 2);
      });
    }
  });

  it('gives the same fingerprint for a seed, even after saving and loading', async () => {
    const whole = await model('float32');
    const options = { vocabularySize: 5, dtype: 'int8', dimensionality: 4, seed: 7 } as const;
    const made = await quantizeModel(whole, options);
    expect((await quantizeModel(whole, options)).fingerprint).toBe(made.fingerprint);
    expect((await loadStaticModel(modelFilesOf(made))).fingerprint).toBe(made.fingerprint);
    expect(made.table).toMatchObject({ rows: 5, dim: 4, dtype: 'int8' });
    expect(whole.table.mapping).toBeUndefined();
  });

  it.each<readonly [QuantizeModelOptions, string]>([
    [{}, 'none is given'],
    [{ dtype: 'int4' as 'int8' }, 'dtype must be one of'],
    [{ dimensionality: 0 }, 'dimensionality must be'],
    [{ dimensionality: 1e6 }, 'dimensionality must be'],
    [{ vocabularySize: 0 }, 'vocabularySize must be'],
    [{ vocabularySize: 1.5 }, 'vocabularySize must be'],
    [{ vocabularySize: 1e9 }, 'vocabularySize must be'],
    [{ vocabularySize: 2, seed: -1 }, 'seed must be'],
    [{ vocabularySize: 2, dimensionality: 0 }, 'dimensionality must be'],
  ])('refuses %j', async (options, message) => {
    const whole = await model('float32');
    const failure = await quantizeModel(whole, options).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'invalid-argument' });
    expect(String(failure)).toContain(message);
  });

  it('refuses to quantise a vocabulary twice, and respects its signal', async () => {
    await expect(quantizeModel(await model('mapped-int32'), { vocabularySize: 2 })).rejects.toThrow(
      'already',
    );
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(quantizeModel(await model('float32'), { dtype: 'int8', signal })).rejects.toThrow('enough');
  });
});
