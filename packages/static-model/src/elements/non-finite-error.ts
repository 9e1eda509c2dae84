import { ModelMismatchError } from '../model-error.js';
import type { Safetensors } from '../safetensors/tensor.js';
import type { EmbeddingTable } from '../table/embedding-table.js';
import type { NonFinite } from './finite.js';

/** Describes the elements of a table that are NaN or infinite. */
export function nonFiniteError(
  file: Safetensors,
  table: EmbeddingTable,
  name: string,
  { count, first }: NonFinite,
): ModelMismatchError {
  const row = Math.floor(first / table.dim);
  return new ModelMismatchError(
    'embeddings',
    `${file.file}: tensor "${name}" has ${count} of ${table.data.length} elements that are NaN or infinite, the first in row ${row}, column ${first % table.dim} (index ${first}): every text with such a row would get a meaningless vector`,
    count,
    first,
  );
}
