/** How the values of vectors are stored. */
export type VectorType = 'float32' | 'int8' | 'binary';

/** How vectors are compared: `COSINE` and `IP` (inner product) grow with similarity, `HAMMING` shrinks. */
export type Metric = 'COSINE' | 'IP' | 'HAMMING';

/** Rows begin at multiples of a SIMD register. */
const ALIGNMENT = 16;

/** The metrics of a type of vectors, the default first. */
export const METRICS: Readonly<Record<VectorType, readonly Metric[]>> = {
  float32: ['COSINE', 'IP'],
  int8: ['COSINE', 'IP'],
  binary: ['HAMMING'],
};

/** Bytes of one stored vector, with padding. */
export function rowStride(type: VectorType, dim: number): number {
  const bytes = type === 'float32' ? dim * 4 : type === 'int8' ? dim : Math.ceil(dim / 8);
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/**
 * Writes one vector into `bytes`, which hold one row of zeros, exactly as Milvus stores it.
 *
 * - `float32`: the values, little end first.
 * - `int8`: scaled so that the largest magnitude is 127, rounded; a zero vector stays zero.
 * - `binary`: one bit per value, 1 above zero, highest bit first.
 */
export function packVector(type: VectorType, vector: Float32Array, bytes: Uint8Array): void {
  switch (type) {
    case 'float32':
      new Float32Array(bytes.buffer, bytes.byteOffset, vector.length).set(vector);
      return;
    case 'int8': {
      let largest = 0;
      for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
      if (largest === 0) return;
      for (let i = 0; i < vector.length; i++) bytes[i] = Math.round((vector[i]! / largest) * 127);
      return;
    }
    case 'binary':
      for (let i = 0; i < vector.length; i++) if (vector[i]! > 0) bytes[i >> 3]! |= 0x80 >> (i & 7);
  }
}

/** Values of one stored vector: float32 unchanged, int8 as integers, binary as 1 and −1. */
export function unpackVector(type: VectorType, dim: number, bytes: Uint8Array): Float32Array {
  switch (type) {
    case 'float32':
      return new Float32Array(bytes.buffer, bytes.byteOffset, dim).slice();
    case 'int8':
      return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, dim));
    case 'binary':
      return Float32Array.from({ length: dim }, (_, i) => ((bytes[i >> 3]! << (i & 7)) & 0x80 ? 1 : -1));
  }
}
