import type { TableShape } from './embedding-table.js';
import type { Vocabulary } from './model-fit.js';

/** Whether every token id has a row. `checkModelFit` says what does not fit; few programs need its words. */
export function fits({ rows, mapping, weights }: TableShape, vocabulary: Vocabulary): boolean {
  const { vocabularySize, idLimit } = vocabulary;
  const hasRows = mapping === undefined ? rows === vocabularySize && idLimit <= rows : idLimit <= mapping;
  return hasRows && (weights === undefined || idLimit <= weights.length);
}
