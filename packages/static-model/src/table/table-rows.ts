import { findNonFinite } from '../elements/finite.js';
import { nonFiniteError } from '../elements/non-finite-error.js';
import type { Platform } from '../platform/platform.js';
import { toMachineOrder } from '../safetensors/tensor-elements.js';
import type { EmbeddingTable, TableElements } from './embedding-table.js';
import type { TableParts } from './table-parts.js';

/** Where rows are in a file, as their bytes arrive. */
export interface RowBytes {
  /** Position in the file. */
  readonly position: number;
  /** The memory of the rows. */
  readonly bytes: Uint8Array;
}

export function rowBytes(
  { shape, embeddings }: TableParts,
  firstRow: number,
  target: TableElements,
): RowBytes {
  return {
    position: embeddings.start + firstRow * shape.dim * target.BYTES_PER_ELEMENT,
    bytes: new Uint8Array(target.buffer, target.byteOffset, target.byteLength),
  };
}

/**
 * Finishes rows whose bytes have arrived, and checks them like `readTable`.
 *
 * @param hasNonFinite - that of the platform, which cannot be imported here because it imports this file
 */
export function finishRows(
  { file, shape, embeddings }: TableParts,
  firstRow: number,
  target: TableElements,
  hasNonFinite: Platform['hasNonFinite'],
): void {
  toMachineOrder(
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength),
    target.BYTES_PER_ELEMENT,
  );
  if (!hasNonFinite(shape.dtype, target)) return;
  const { count, first } = findNonFinite(shape.dtype, target);
  const table = { ...shape, data: { length: target.length } } as unknown as EmbeddingTable;
  throw nonFiniteError(file, table, embeddings.name, { count, first: firstRow * shape.dim + first });
}
