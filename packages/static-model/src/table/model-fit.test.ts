import { describe, expect, it } from 'vitest';
import { ModelMismatchError } from '../model-error.js';
import type { EmbeddingTable } from './embedding-table.js';
import { checkModelFit } from './model-fit.js';

const PLAIN: EmbeddingTable = { dtype: 'int8', rows: 3, dim: 1, data: new Int8Array(3) };
const MAPPED: EmbeddingTable = { ...PLAIN, mapping: Int32Array.of(0, 1, 2, 2, 1) };

function mismatchOf(
  table: EmbeddingTable,
  vocabularySize: number,
  idLimit = vocabularySize,
): ModelMismatchError {
  try {
    checkModelFit({ table, origin: 'org/name' }, { vocabularySize, idLimit });
  } catch (error) {
    if (error instanceof ModelMismatchError) return error;
    throw error;
  }
  throw new RangeError('the parts fit');
}

describe('checkModelFit', () => {
  it('accepts as many rows as tokens, and more mapping and weights than ids', () => {
    checkModelFit({ table: PLAIN, origin: '' }, { vocabularySize: 3, idLimit: 3 });
    checkModelFit({ table: MAPPED, origin: '' }, { vocabularySize: 5, idLimit: 5 });
    checkModelFit(
      { table: { ...MAPPED, weights: new Float32Array(5) }, origin: '' },
      { vocabularySize: 4, idLimit: 4 },
    );
  });

  it.each([2, 4])('refuses 3 rows for %d tokens, with both numbers and the source', (tokens) => {
    const error = mismatchOf(PLAIN, tokens);
    expect(error).toMatchObject({ part: 'embeddings', count: 1 });
    expect(error.message).toMatch(`org/name: the table has 3 rows, but the tokenizer has ${tokens} tokens`);
  });

  it('refuses ids beyond the rows if the vocabulary skips ids', () => {
    expect(mismatchOf(PLAIN, 3, 7)).toMatchObject({ part: 'embeddings', count: 4 });
  });

  it('refuses a mapping and weights that are shorter than the ids', () => {
    expect(mismatchOf(MAPPED, 6)).toMatchObject({ part: 'mapping', count: 1 });
    const weighted = { ...PLAIN, weights: new Float32Array(1) };
    expect(mismatchOf(weighted, 3).message).toMatch(
      /"weights" has 1 elements, but the tokenizer has ids up to 2/,
    );
  });
});
