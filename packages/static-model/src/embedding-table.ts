/** Element types of a table. `bfloat16` occurs in published files although the reference cannot read it. */
export type TableDtype = 'float64' | 'float32' | 'float16' | 'bfloat16' | 'int8';

/** Typed array that holds a table of a dtype; 16-bit floats are kept as their bits. */
export interface TableArrays {
  readonly float64: Float64Array;
  readonly float32: Float32Array;
  readonly float16: Uint16Array;
  readonly bfloat16: Uint16Array;
  readonly int8: Int8Array;
}

interface TableOf<Dtype extends TableDtype> {
  readonly dtype: Dtype;
  /** Rows of `data`. Without {@link EmbeddingTable.mapping} this is the size of the vocabulary. */
  readonly rows: number;
  /** Columns of `data`: the dimension of an embedding. */
  readonly dim: number;
  /** `rows × dim` elements, row-major. */
  readonly data: TableArrays[Dtype];
  /** Row of each token id, one per token of the vocabulary; absent where id and row are the same. */
  readonly mapping?: Int32Array;
  /** Factor of each token id's row, one per token of the vocabulary; absent where every factor is 1. */
  readonly weights?: Float32Array | Float64Array;
}

/** One vector per token (or per cluster of tokens): everything that pooling needs to know of a model. */
export type EmbeddingTable = { [Dtype in TableDtype]: TableOf<Dtype> }[TableDtype];
