import type { EmbeddingTable, TableFile, TableShape } from '@model2vec-ts/static-model';
import { allocateSlots } from './row-slots.js';

/** Makes a table whose rows are read from a file. */
export function allocatePaged(shape: TableShape, openFile: () => TableFile, slots?: number): EmbeddingTable {
  const open = () => {
    const file = openFile();
    return { file, readAll: () => file.readAll() };
  };
  // Shared, because V8 counts other memory as used, and collects garbage when 64 MiB are only reserved.
  return allocateSlots(shape, open, slots, { threads: 2 });
}
