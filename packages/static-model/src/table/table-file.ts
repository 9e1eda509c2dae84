import type { Platform } from '../platform/platform.js';
import type { HeldFile } from '../source/file-bytes.js';
import { emptyTable, type TableElements, type TableFile } from './embedding-table.js';
import type { TableParts } from './table-parts.js';
import { finishRows, rowBytes } from './table-rows.js';

/** Rows per read of the whole table, in bytes. */
const PART_BYTES = 8 << 20;

/** Reads rows of a table's tensor. `hasNonFinite` is that of the platform, which imports this file. */
export function tableFile(
  parts: TableParts,
  file: HeldFile,
  hasNonFinite: Platform['hasNonFinite'],
): TableFile {
  const { shape } = parts;
  const read = (firstRow: number, target: TableElements): void => {
    const { bytes, position } = rowBytes(parts, firstRow, target);
    file.read(bytes, position);
    finishRows(parts, firstRow, target, hasNonFinite);
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
