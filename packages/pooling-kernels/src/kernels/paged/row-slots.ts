import type { EmbeddingTable, TableElements, TableShape } from '@model2vec-ts/static-model';
import { ELEMENT_BYTES } from '../../element-bytes.js';
import type { LoadOptions } from '../../pooling-kernel.js';
import { wasmKernel } from '../wasm.js';
import type { PagedTable } from './paged-pooling.js';

/** Share of a table's rows that memory is reserved for; the system provides it when a row is first read. */
const SHARE = 1 / 4;
const LEAST_BYTES = 16 << 20;
const MOST_BYTES = 256 << 20;

/** Memory for rows in use, by the table whose rows are elsewhere. */
const slotsOf = new WeakMap<EmbeddingTable, EmbeddingTable>();

/** Where the rows of a table are, and how to read all of them. */
export interface RowsElsewhere extends Pick<EmbeddingTable, 'file' | 'ranges'> {
  /** @throws if they cannot be in memory together */
  readAll(): TableElements;
}

/**
 * Makes a table whose rows are elsewhere, and memory for those in use.
 *
 * @param open - called once there is memory
 * @param count - number of rows in memory. @defaultValue a quarter of the table, within limits
 */
export function allocateSlots(
  shape: TableShape,
  open: () => RowsElsewhere,
  count: number = slotCount(shape),
  options?: LoadOptions,
): EmbeddingTable {
  const { dtype, rows, dim, mapping, weights } = shape;
  const memory = wasmKernel.allocateTable(
    {
      ...{ dtype, dim, rows: count },
      ...(weights && { weights: { dtype: weights.dtype, length: count } }),
    },
    options,
  );
  const { readAll, ...source } = open();
  const table = {
    ...{ dtype, rows, dim, ...source },
    ...(mapping !== undefined && { mapping: new Int32Array(mapping) }),
    ...(weights !== undefined && {
      weights: new (weights.dtype === 'float64' ? Float64Array : Float32Array)(weights.length),
    }),
    get data(): TableElements {
      return readAll();
    },
  } as EmbeddingTable;
  slotsOf.set(table, memory);
  return table;
}

/** Loads kernel `wasm` on the memory of a table; `undefined` if none was kept. */
export async function loadSlots(table: EmbeddingTable): Promise<PagedTable | undefined> {
  const slots = slotsOf.get(table);
  if (slots === undefined) return undefined;
  slotsOf.delete(table);
  const kernel = await wasmKernel.load(slots);
  // Loaded on demand, because pages with the js kernel would get this one too.
  const { LoadedJsKernel } = await import('../js/loaded-js-kernel.js');
  return { table, slots, kernel, loadNow: (own) => new LoadedJsKernel(own) };
}

function slotCount({ dtype, rows, dim }: TableShape): number {
  const bytes = dim * ELEMENT_BYTES[dtype];
  const wanted = Math.min(Math.max(rows * bytes * SHARE, LEAST_BYTES), MOST_BYTES);
  return Math.min(rows, Math.max(1, Math.floor(wanted / bytes)));
}
