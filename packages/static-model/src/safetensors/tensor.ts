/** Bits per element of each dtype of the format. */
export const DTYPE_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;

/** Element type of a tensor, as the format names it. */
export type SafetensorsDtype = keyof typeof DTYPE_BITS;

/** One tensor of a file. */
export interface Tensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  /** Sizes of the dimensions, outermost first; empty for a scalar. */
  readonly shape: readonly number[];
  /** Product of the shape. */
  readonly size: number;
  /** Offset of the elements in the file; little-endian, row-major, any alignment. */
  readonly start: number;
  /** Offset of the end of the elements. */
  readonly end: number;
}

/** The checked header of a file. */
export interface Safetensors {
  /** Name of the file, for messages. */
  readonly file: string;
  /** By name, in the order of their data. */
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Free-text metadata by key. */
  readonly metadata: ReadonlyMap<string, string>;
}
