import type { EmbeddingTable } from '@model2vec-ts/static-model';

/** Whether the weights are float64. Compares element sizes, because an array of another realm fails `instanceof`. */
export function hasWideWeights({ weights }: Pick<EmbeddingTable, 'weights'>): boolean {
  return weights?.BYTES_PER_ELEMENT === 8;
}
