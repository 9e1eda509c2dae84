import type { EmbeddingTable, TableArrays } from '@model2vec-ts/static-model';
import { KernelError } from '../../kernel-error.js';
import { shrinkTable } from '../../kernel-remedy.js';
import type { TableShape } from '../../pooling-kernel.js';

/** Most ids of a piece. A batch is pooled in pieces that fit in a thread's scratch memory. */
export const PIECE_IDS: number = 1 << 16;
/** Most texts of a piece. */
export const PIECE_TEXTS: number = 1 << 12;
/** Bytes of results per copy to the caller, if a row is not larger. They stay in the second-level cache. */
const OUT_BYTES = 1 << 17;
/** Bytes that a pass may read or write beyond the last column: 64 float32 results of int8 columns. */
const PADDING = 256;
/** Memory of `assembly/row-fetch.ts`, plus a register. */
const RECENT_BYTES = (1 << 13) + 16;
/** A cache line, so that rows of common dimensions start at one. */
const ALIGNMENT = 64;

const PAGE = 1 << 16;
/** Limit of 32-bit addresses: 4 GiB. */
const MAX_MEMORY = 2 ** 32;
/** Leaves 64 MiB for scratch memory, which takes 1.3 MB per thread and 28 bytes more per dimension. */
export const MAX_TABLE_BYTES: number = MAX_MEMORY - 2 ** 26;

const ARRAYS: { readonly [Dtype in keyof TableArrays]: ArrayOf<TableArrays[Dtype]> } = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
};

interface ArrayOf<Type> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Type;
}

/** Addresses in the kernel's memory; `assembly/index.ts` describes the areas. */
export interface MemoryMap {
  readonly starts: number;
  readonly rows: number;
  readonly gathered: number;
  readonly ids: number;
  readonly zeros: number;
  readonly sums: readonly [number, number];
  readonly out: number;
  /** Number of rows of `out`. */
  readonly outTexts: number;
  readonly recent: number;
  readonly mapping: number;
  readonly weights: number;
  readonly table: number;
  readonly rowBytes: number;
  /** Size of the memory in WebAssembly's pages. */
  readonly pages: number;
}

/**
 * Returns the addresses for a table of this shape: scratch memory of one of `threads` threads, and the table.
 *
 * @throws {@link KernelError} `unsupported-table` if the table exceeds 32-bit addresses
 */
export function memoryMap(shape: TableShape, threads: number, thread: number): MemoryMap {
  const { dtype, rows, dim, mapping = 0, weights } = shape;
  const rowBytes = dim * ARRAYS[dtype].BYTES_PER_ELEMENT;
  const outTexts = Math.max(1, Math.floor(OUT_BYTES / (dim * 4)));
  let end = 0;
  const area = (bytes: number): number => {
    const start = end;
    end = Math.ceil((start + bytes) / ALIGNMENT) * ALIGNMENT;
    return start;
  };
  const scratch = () => ({
    starts: area((PIECE_TEXTS + 1) * 4),
    rows: area(PIECE_IDS * 4),
    gathered: area(PIECE_IDS * 8),
    ids: area(PIECE_IDS * 4),
    zeros: area(dim * 8 + PADDING),
    sums: [area(dim * 8 + PADDING), area(dim * 8 + PADDING)] as const,
    out: area(outTexts * dim * 4 + PADDING),
    recent: area(RECENT_BYTES),
  });
  const scratches = Array.from({ length: threads }, scratch);
  const map = {
    ...scratches[thread]!,
    outTexts,
    rowBytes,
    mapping: area(mapping * 4),
    weights: area((weights?.length ?? 0) * (weights?.dtype === 'float64' ? 8 : 4)),
    table: area(rows * rowBytes + PADDING),
  };
  if (!(end <= MAX_MEMORY)) {
    throw new KernelError(
      'unsupported-table',
      `a table of ${rows} × ${dim} ${dtype} needs ${end} bytes; kernel wasm takes ${MAX_MEMORY}`,
      shrinkTable('js'),
    );
  }
  return { ...map, pages: Math.ceil(end / PAGE) };
}

/** Returns the arrays of a table in a kernel's memory. */
export function tableIn(buffer: ArrayBufferLike, shape: TableShape, map: MemoryMap): EmbeddingTable {
  const { dtype, rows, dim, mapping, weights } = shape;
  return {
    dtype,
    rows,
    dim,
    data: new ARRAYS[dtype](buffer, map.table, rows * dim),
    ...(mapping !== undefined && { mapping: new Int32Array(buffer, map.mapping, mapping) }),
    ...(weights !== undefined && {
      weights:
        weights.dtype === 'float64'
          ? new Float64Array(buffer, map.weights, weights.length)
          : new Float32Array(buffer, map.weights, weights.length),
    }),
    // TypeScript cannot see that the dtype selects the matching array type.
  } as EmbeddingTable;
}
