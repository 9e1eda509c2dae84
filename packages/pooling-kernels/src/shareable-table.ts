import type { EmbeddingTable } from '@model2vec-ts/static-model';

/** The same table in memory that threads share. What lies there already is not copied. */
export function shareableTable(table: EmbeddingTable): EmbeddingTable {
  const { data, mapping, weights } = table;
  return {
    ...table,
    data: shareable(data),
    ...(mapping !== undefined && { mapping: shareable(mapping) }),
    ...(weights !== undefined && { weights: shareable(weights) }),
    // The type says that dtype and array belong together, which is not seen to hold for a copy.
  } as EmbeddingTable;
}

type Elements = Exclude<EmbeddingTable['data' | 'mapping' | 'weights'], undefined>;

function shareable(array: Elements): Elements {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const Copy = array.constructor as new (buffer: SharedArrayBuffer) => Elements;
  const copy = new Copy(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}
