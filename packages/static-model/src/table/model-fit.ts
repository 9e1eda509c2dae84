import { ModelMismatchError } from '../model-error.js';
import type { StaticModel } from '../static-model.js';
import { shapeOf, type TableShape } from './embedding-table.js';

/** Vocabulary facts of a tokenizer. */
export interface Vocabulary {
  /** Number of tokens in the vocabulary, including added ones. */
  readonly vocabularySize: number;
  /** Largest token id + 1; exceeds {@link Vocabulary.vocabularySize} if ids are skipped. */
  readonly idLimit: number;
}

/**
 * Checks that every token id of a tokenizer has a row in a model. The rule without a mapping, rows = vocabulary size,
 * is the reference's (`StaticModel.__init__`); in the other cases the reference raises an `IndexError` when such a
 * token occurs.
 *
 * @throws {@link ModelMismatchError} naming the part that does not fit and by how much
 *
 * @example
 * ```ts
 * import { checkModelFit, loadStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * checkModelFit(model, { vocabularySize: 29_528, idLimit: 29_528 });
 * ```
 */
export function checkModelFit(model: Pick<StaticModel, 'table' | 'origin'>, vocabulary: Vocabulary): void {
  checkShapeFit(shapeOf(model.table), model.origin, vocabulary);
}

/** {@link checkModelFit} for a table whose values are not read yet. */
export function checkShapeFit(shape: TableShape, origin: string, vocabulary: Vocabulary): void {
  const { rows, mapping, weights } = shape;
  const { vocabularySize, idLimit } = vocabulary;
  const mismatch = (part: ModelMismatchError['part'], problem: string, count: number): ModelMismatchError =>
    new ModelMismatchError(part, `${origin}: ${problem}`, count);

  if (mapping === undefined && rows !== vocabularySize) {
    throw mismatch(
      'embeddings',
      `the table has ${rows} rows, but the tokenizer has ${vocabularySize} tokens (added tokens included); without a "mapping" they must be equal. Do tokenizer.json and model.safetensors belong together?`,
      Math.abs(rows - vocabularySize),
    );
  }
  if (mapping === undefined && idLimit > rows) {
    throw mismatch(
      'embeddings',
      `the table has ${rows} rows, but the tokenizer has ids up to ${idLimit - 1}, which need a "mapping"`,
      idLimit - rows,
    );
  }
  for (const [part, length] of [
    ['mapping', mapping],
    ['weights', weights?.length],
  ] as const) {
    if (length !== undefined && length < idLimit) {
      throw mismatch(
        part,
        `"${part}" has ${length} elements, but the tokenizer has ids up to ${idLimit - 1}; it must have one for each`,
        idLimit - length,
      );
    }
  }
}
