import type { EmbeddingTable, TableElements, TableFile, TableShape } from '@model2vec-ts/static-model';
import { allocateSlots, emptyPaged, keepSlots } from './row-slots.js';

/** Makes a table whose rows are read from a file. */
export function allocatePaged(shape: TableShape, openFile: () => TableFile, slots?: number): EmbeddingTable {
  const memory = allocateSlots(shape, slots);
  const file = openFile();
  const table = {
    ...emptyPaged(shape),
    file,
    get data(): TableElements {
      return file.readAll();
    },
  } as EmbeddingTable;
  keepSlots(table, memory);
  return table;
}
