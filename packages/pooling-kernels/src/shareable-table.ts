import type { EmbeddingTable } from '@model2vec-ts/static-model';

/**
 * Returns the table in shared memory, for kernels that read tables in place. Arrays that are already shared are not
 * copied.
 *
 * @example
 * ```ts
 * import { shareableTable } from '@model2vec-ts/pooling-kernels';
 *
 * const table = { dtype: 'int8', rows: 1, dim: 2, data: Int8Array.of(1, 2) } as const;
 * shareableTable(table).data.buffer; // a SharedArrayBuffer
 * ```
 */
export function shareableTable(table: EmbeddingTable): EmbeddingTable {
  const { data, mapping, weights } = table;
  return {
    ...table,
    data: shareable(data),
    ...(mapping !== undefined && { mapping: shareable(mapping) }),
    ...(weights !== undefined && { weights: shareable(weights) }),
    // TypeScript cannot see that a copy keeps the element type of the dtype.
  } as EmbeddingTable;
}

type Elements = Exclude<EmbeddingTable['data' | 'mapping' | 'weights'], undefined>;

function shareable(array: Elements): Elements {
  // Checked by tag, because a buffer of another realm fails `instanceof`.
  if (Object.prototype.toString.call(array.buffer) === '[object SharedArrayBuffer]') return array;
  const Copy = array.constructor as new (buffer: SharedArrayBuffer) => Elements;
  const copy = new Copy(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
