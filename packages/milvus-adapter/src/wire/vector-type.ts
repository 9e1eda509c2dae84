/** How the values of a vector field are stored. */
export type VectorType = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'binary';

/** Facts about a vector type in Milvus' protocol. */
export interface VectorTypeFacts {
  /** `schema.DataType` of schema.proto, which is also `common.PlaceholderType` of a query. */
  readonly dataType: number;
  /** Field of `schema.VectorField` (schema.proto) that contains the values. */
  readonly vectorField: number;
  /** Bytes of a vector of `dim` values. */
  byteLength(dim: number): number;
  /** The `dim` that the field is created with. */
  fieldDim(dim: number): number;
  /** Metrics that it supports; the first is the default. */
  readonly metrics: readonly Metric[];
}

/** Distance between vectors: larger is nearer for `COSINE` and `IP`, smaller for `L2` and `HAMMING`. */
export type Metric = 'COSINE' | 'IP' | 'L2' | 'HAMMING';

const roundedUpToBytes = (dim: number): number => Math.ceil(dim / 8) * 8;
const same = (dim: number): number => dim;
const twoBytes = (dim: number): number => dim * 2;

/** Every vector type, with the numbers of schema.proto (`DataType`, `VectorField`) as the SDK ships them. */
export const VECTOR_TYPES: Readonly<Record<VectorType, VectorTypeFacts>> = {
  float32: {
    dataType: 101,
    vectorField: 2,
    byteLength: (dim) => dim * 4,
    fieldDim: same,
    metrics: ['COSINE', 'IP', 'L2'],
  },
  float16: {
    dataType: 102,
    vectorField: 4,
    byteLength: twoBytes,
    fieldDim: same,
    metrics: ['COSINE', 'IP', 'L2'],
  },
  bfloat16: {
    dataType: 103,
    vectorField: 5,
    byteLength: twoBytes,
    fieldDim: same,
    metrics: ['COSINE', 'IP', 'L2'],
  },
  // Each vector has its own scale, which only the cosine ignores.
  int8: { dataType: 105, vectorField: 7, byteLength: same, fieldDim: same, metrics: ['COSINE'] },
  binary: {
    dataType: 100,
    vectorField: 3,
    byteLength: (dim) => roundedUpToBytes(dim) / 8,
    fieldDim: roundedUpToBytes,
    metrics: ['HAMMING'],
  },
};

/** Finds the type with this number in the protocol. */
export function vectorTypeOf(dataType: number): VectorType | undefined {
  for (const [name, facts] of Object.entries(VECTOR_TYPES)) {
    if (facts.dataType === dataType) return name as VectorType;
  }
  return undefined;
}
