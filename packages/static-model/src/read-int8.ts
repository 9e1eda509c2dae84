import { canRound, int8Rounding } from './element-loops/element-loops.js';
import { type EmbeddingTable, emptyTable } from './embedding-table.js';
import type { FileBytes } from './file-bytes.js';
import { int8Scale, quantizeTable } from './quantize.js';
import { type AllocateTable, readTable, type TableParts } from './read-table.js';

/**
 * Reads a float32 table from a file as what `quantizeTable` makes int8 of: into memory in which the elements are rounded
 * where they are.
 *
 * @param allocate - gives the table to be written, asked before the file is read
 * @returns `undefined` where there is no such memory; nothing has been asked or read then
 * @throws as {@link readTable}
 */
export async function readInt8(
  parts: TableParts,
  bytes: FileBytes,
  allocate: AllocateTable | undefined,
): Promise<EmbeddingTable | undefined> {
  const shape = { ...parts.shape, dtype: 'int8' } as const;
  const rounding = int8Rounding(shape.rows * shape.dim);
  if (rounding === undefined) return undefined;
  const target = allocate?.(shape) ?? emptyTable(shape);
  const source = { ...target, dtype: 'float32', data: rounding.data } as const;
  const read = await readTable(parts, bytes, () => source);
  const largest = rounding.largest();
  const data = canRound(largest) ? rounding.toInt8(int8Scale(largest)) : quantizeTable(read, 'int8').data;
  target.data.set(data as Int8Array);
  return target;
}
