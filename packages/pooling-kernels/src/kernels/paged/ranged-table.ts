import type { EmbeddingTable, TableRanges, TableShape } from '@model2vec-ts/static-model';
import { KernelError } from '../../kernel-error.js';
import { allocateSlots } from './row-slots.js';

/** Makes a table whose rows are fetched by range. */
export function allocateRanged(
  shape: TableShape,
  openRanges: () => TableRanges,
  slots?: number,
): EmbeddingTable {
  return allocateSlots(shape, () => ({ ranges: openRanges(), readAll: refuse }), slots);
}

function refuse(): never {
  throw new KernelError(
    'unsupported-table',
    'the rows of this table are fetched by range, so it has no data in memory and no fingerprint; load the model without kernel ranged to get them',
  );
}
