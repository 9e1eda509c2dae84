/** Element types of a table. Some published files use `bfloat16`, although the reference cannot read it. */
export type TableDtype = 'float64' | 'float32' | 'float16' | 'bfloat16' | 'int8';

/** Typed array that holds a table of a dtype; 16-bit floats are stored as bits. */
export interface TableArrays {
  readonly float64: Float64Array;
  readonly float32: Float32Array;
  readonly float16: Uint16Array;
  readonly bfloat16: Uint16Array;
  readonly int8: Int8Array;
}

/** Typed array of any table. */
export type TableElements = TableArrays[TableDtype];

/** The rows of a table in its file, for kernels that read them as needed. */
export interface TableFile {
  /**
   * Fills `target`, whose length is a multiple of `dim`, with rows from `firstRow` on.
   *
   * @throws `ModelError` if the file cannot be read, has shrunk, or has elements that are NaN or infinite
   */
  read(firstRow: number, target: TableElements): void;
  /** Reads the whole table. */
  readAll(): TableElements;
  /** No read may follow. */
  close(): void;
}

/** The rows of a table on a server, for kernels that fetch them as needed. */
export interface TableRanges {
  /**
   * Fills `target`, whose length is a multiple of `dim`, with rows from `firstRow` on. Several reads may run at once.
   *
   * @throws `ModelError` if the server fails or the file has changed, or has elements that are NaN or infinite
   */
  read(firstRow: number, target: TableElements): Promise<void>;
  /** Ends pending reads. No read may follow. */
  close(): void;
}

/** The table of one element type. */
export interface TableOf<Dtype extends TableDtype> {
  readonly dtype: Dtype;
  /** Rows of `data`: the vocabulary size, unless there is a {@link EmbeddingTable.mapping}. */
  readonly rows: number;
  /** Columns of `data`: the dimension of an embedding. */
  readonly dim: number;
  /** `rows × dim` elements, row-major. */
  readonly data: TableArrays[Dtype];
  /** Row of each token id, one per token of the vocabulary; absent if id and row are the same. */
  readonly mapping?: Int32Array;
  /** Weight of each token id, one per token of the vocabulary; absent if every weight is 1. */
  readonly weights?: Float32Array | Float64Array;
  /** Where rows are read as needed; absent if they are in memory. `data` then reads the whole table at each access. */
  readonly file?: TableFile;
  /** Where rows are fetched as needed; absent if they are not. `data` then throws. */
  readonly ranges?: TableRanges;
}

/** One vector per token (or per cluster of tokens): all that pooling needs from a model. */
export type EmbeddingTable = { [Dtype in TableDtype]: TableOf<Dtype> }[TableDtype];

/** Everything of a table except its values. */
export interface TableShape {
  readonly dtype: TableDtype;
  readonly rows: number;
  readonly dim: number;
  /** Length of the mapping; absent without one. */
  readonly mapping?: number;
  /** Type and number of the weights; absent without any. */
  readonly weights?: { readonly dtype: 'float32' | 'float64'; readonly length: number };
}

const ARRAYS: { readonly [Dtype in TableDtype]: new (length: number) => TableArrays[Dtype] } = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  int8: Int8Array,
};

/** Allocates a table of zeros. */
export function emptyTable({ dtype, rows, dim, mapping, weights }: TableShape): EmbeddingTable {
  return {
    dtype,
    rows,
    dim,
    data: new ARRAYS[dtype](rows * dim),
    ...(mapping !== undefined && { mapping: new Int32Array(mapping) }),
    ...(weights !== undefined && { weights: new ARRAYS[weights.dtype](weights.length) }),
    // TypeScript cannot express that dtype and array belong together when indexed by dtype.
  } as EmbeddingTable;
}

/** The shape of a table. */
export function shapeOf({ dtype, rows, dim, mapping, weights }: EmbeddingTable): TableShape {
  return {
    dtype,
    rows,
    dim,
    ...(mapping && { mapping: mapping.length }),
    ...(weights && {
      weights: { dtype: weights instanceof Float64Array ? 'float64' : 'float32', length: weights.length },
    }),
  };
}
