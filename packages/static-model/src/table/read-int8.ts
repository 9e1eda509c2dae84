import { canRound, int8Rounding } from '../element-loops/element-loops.js';
import { type FileBytes, readAgain } from '../source/file-bytes.js';
import { readParts } from '../source/read-parts.js';
import { type EmbeddingTable, emptyTable } from './embedding-table.js';
import { int8Scale, quantizeTable } from './quantize.js';
import { type AllocateTable, readPerToken, readTable } from './read-table.js';
import type { TableParts } from './table-parts.js';

/**
 * Reads a float32 table from a file and converts it to int8 as `quantizeTable` does. All parts pass through the same
 * memory, once to find the largest magnitude and once to be rounded: reading a file again from the system's cache takes
 * less time than allocating memory for all of it.
 *
 * @param allocate - returns the table to fill; called before the file is read
 * @returns `undefined` if the elements cannot be rounded this way; `allocate` has not been called then
 * @throws as {@link readTable}
 */
export async function readInt8(
  parts: TableParts,
  bytes: FileBytes,
  allocate: AllocateTable | undefined,
): Promise<EmbeddingTable | undefined> {
  const rounding = int8Rounding();
  if (rounding === undefined) return undefined;
  const { mapping, weights } = await readPerToken(parts, bytes);
  const shape = { ...parts.shape, dtype: 'int8' } as const;
  const table = allocate?.(shape) ?? emptyTable(shape);
  if (mapping) table.mapping!.set(mapping);
  if (weights) table.weights!.set(weights);

  const partBytes = rounding.parts[0].length;
  const stretch = { ...parts.embeddings, partBytes };
  const memoryOf = (part: number): Uint8Array => rounding.parts[part % 2]!;
  let largest = 0;
  await readParts(bytes, stretch, memoryOf, (read) => {
    // `Math.max` keeps NaN, unlike a comparison.
    largest = Math.max(largest, rounding.largest(read));
  });
  const again = readAgain(bytes);
  if (!canRound(largest)) {
    const whole = await readTable(parts, again);
    table.data.set(quantizeTable(whole, 'int8').data as Int8Array);
    return table;
  }
  const scale = int8Scale(largest);
  await readParts(again, stretch, memoryOf, (read, part) => {
    table.data.set(rounding.toInt8(read, scale), (part * partBytes) / 4);
  });
  return table;
}
