import { canRound, int8Rounding } from './element-loops/element-loops.js';
import { type EmbeddingTable, emptyTable } from './embedding-table.js';
import type { FileBytes } from './file-bytes.js';
import { int8Scale, quantizeTable } from './quantize.js';
import { type AllocateTable, readPerToken, readTable, type TableParts } from './read-table.js';

/**
 * Reads a float32 table from a file as what `quantizeTable` makes int8 of. Part after part goes through the same memory,
 * once for the largest magnitude and once to be rounded: to read a file again that the system has in its memory takes
 * less time than to get memory for all of it.
 *
 * @param allocate - gives the table to be written, asked before the file is read
 * @returns `undefined` where elements cannot be rounded so; nothing has been asked or read then
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

  let largest = 0;
  await readParts(parts, bytes, rounding.parts, true, (elements) => {
    // NaN stays, unlike with a comparison.
    largest = Math.max(largest, rounding.largest(elements));
  });
  if (!canRound(largest)) {
    const whole = await readTable(parts, bytes);
    table.data.set(quantizeTable(whole, 'int8').data as Int8Array);
    return table;
  }
  const scale = int8Scale(largest);
  await readParts(parts, bytes, rounding.parts, false, (elements, first) => {
    table.data.set(rounding.toInt8(elements, scale), first);
  });
  return table;
}

/**
 * Reads the elements of a table into two memories in turn, one of which is filled on another thread while the other is
 * worked on.
 *
 * @param isNew - as {@link FileBytes.read} has it
 */
async function readParts(
  { embeddings: { start, end } }: TableParts,
  bytes: FileBytes,
  memories: readonly [Uint8Array, Uint8Array],
  isNew: boolean,
  work: (elements: Uint8Array, first: number) => void,
): Promise<void> {
  const size = memories[0].length;
  const reads: Promise<Uint8Array>[] = [];
  const begin = (part: number): void => {
    const position = start + part * size;
    if (position >= end) return;
    const elements = memories[part % 2]!.subarray(0, Math.min(size, end - position));
    const reading = bytes.read(elements, position, isNew).then(() => elements);
    // It can fail before it is waited for.
    reading.catch(() => undefined);
    reads.push(reading);
  };
  try {
    begin(0);
    for (let part = 0; part < reads.length; part++) {
      begin(part + 1);
      work(await reads[part]!, (part * size) / 4);
    }
  } finally {
    // What still comes would be read from a file that is closed.
    await Promise.allSettled(reads);
  }
}
