import type { FileBytes } from '../source/file-bytes.js';
import { type EmbeddingTable, shapeOf } from './embedding-table.js';
import { type QuantizedDtype, quantizeTable, truncateColumns } from './quantize.js';
import { readInt8 } from './read-int8.js';
import { type AllocateTable, readTable } from './read-table.js';
import type { TableParts } from './table-parts.js';

/** How a table is converted. */
export interface Conversion {
  readonly quantizeTo: QuantizedDtype | undefined;
  readonly dimensionality: number | undefined;
  readonly allocate: AllocateTable | undefined;
}

/** Reads a table, converts it, and puts it into the memory that `allocate` gives. */
export async function readConvertedTable(
  parts: TableParts,
  bytes: FileBytes,
  { quantizeTo, dimensionality, allocate }: Conversion,
): Promise<EmbeddingTable> {
  if (
    quantizeTo === 'int8' &&
    dimensionality === undefined &&
    parts.shape.dtype === 'float32' &&
    !bytes.whole
  ) {
    const table = await readInt8(parts, bytes, allocate);
    if (table !== undefined) return table;
  }
  let table = await readTable(parts, bytes);
  if (quantizeTo !== undefined) table = quantizeTable(table, quantizeTo);
  if (dimensionality !== undefined) table = truncateColumns(table, dimensionality);
  const allocated = allocate?.(shapeOf(table));
  if (allocated === undefined) return table;
  allocated.data.set(table.data);
  if (table.mapping) allocated.mapping!.set(table.mapping);
  if (table.weights) allocated.weights!.set(table.weights);
  return allocated;
}
