import { findNonFinite } from '../elements/finite.js';
import { nonFiniteError } from '../elements/non-finite-error.js';
import type { Platform } from '../platform/platform.js';
import { toMachineOrder } from '../safetensors/tensor-elements.js';
import type { HeldFile } from '../source/file-bytes.js';
import { type EmbeddingTable, emptyTable, type TableElements, type TableFile } from './embedding-table.js';
import type { TableParts } from './table-parts.js';

/** Rows per read of the whole table, in bytes. */
const PART_BYTES = 8 << 20;

/**
 * Reads rows of a table's tensor, and checks them like `readTable`.
 *
 * @param hasNonFinite - that of the platform, which cannot be imported here because it imports this file
 */
export function tableFile(
  parts: TableParts,
  file: HeldFile,
  hasNonFinite: Platform['hasNonFinite'],
): TableFile {
  const { shape, embeddings } = parts;
  const read = (firstRow: number, target: TableElements): void => {
    const { BYTES_PER_ELEMENT: size } = target;
    const bytes = new Uint8Array(target.buffer, target.byteOffset, target.byteLength);
    file.read(bytes, embeddings.start + firstRow * shape.dim * size);
    toMachineOrder(bytes, size);
    if (!hasNonFinite(shape.dtype, target)) return;
    const { count, first } = findNonFinite(shape.dtype, target);
    const table = { ...shape, data: { length: target.length } } as unknown as EmbeddingTable;
    throw nonFiniteError(parts.file, table, embeddings.name, { count, first: firstRow * shape.dim + first });
  };
  return {
    read,
    readAll() {
      const { data } = emptyTable({ dtype: shape.dtype, rows: shape.rows, dim: shape.dim });
      const rows = Math.max(1, Math.floor(PART_BYTES / (shape.dim * data.BYTES_PER_ELEMENT)));
      for (let row = 0; row < shape.rows; row += rows) {
        read(row, data.subarray(row * shape.dim, (row + rows) * shape.dim) as TableElements);
      }
      return data;
    },
    close: () => file.close(),
  };
}
