import { endianness } from 'node:os';
import { VECTOR_TYPES, type VectorType } from './vector-type.js';

const LITTLE_ENDIAN = endianness() === 'LE';

/**
 * Writes vectors of `dim` values, one after the other, as Milvus stores their type.
 *
 * - `float32`: the bytes in memory (little-endian).
 * - `float16`, `bfloat16`: the nearest value, ties to even.
 * - `int8`: each vector scaled so that its largest magnitude is 127, rounded; a zero vector stays zero.
 * - `binary`: one bit per value, 1 if it is above zero, highest bit first; the last byte is padded with zeros.
 *
 * Bound by memory bandwidth for float32 (one copy per vector), and by a few operations per value for the others.
 *
 * @param target - receives `vectors.length * VECTOR_TYPES[type].byteLength(dim)` bytes from `at` on
 */
export function writeVectors(
  type: VectorType,
  vectors: readonly Float32Array[],
  dim: number,
  target: Uint8Array,
  at: number,
): void {
  const stride = VECTOR_TYPES[type].byteLength(dim);
  for (let i = 0; i < vectors.length; i++, at += stride) {
    const vector = vectors[i]!;
    switch (type) {
      case 'float32':
        writeFloat32(vector, target, at);
        break;
      case 'float16':
        writeHalves(vector, float16Bits, target, at);
        break;
      case 'bfloat16':
        writeHalves(vector, bfloat16Bits, target, at);
        break;
      case 'int8':
        writeInt8(vector, target, at);
        break;
      case 'binary':
        writeSigns(vector, target, at);
    }
  }
}

function writeFloat32(vector: Float32Array, target: Uint8Array, at: number): void {
  if (LITTLE_ENDIAN) {
    target.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), at);
    return;
  }
  const view = new DataView(target.buffer, target.byteOffset + at);
  for (let i = 0; i < vector.length; i++) view.setFloat32(i * 4, vector[i]!, true);
}

function writeHalves(
  vector: Float32Array,
  toBits: (float32Bits: number) => number,
  target: Uint8Array,
  at: number,
): void {
  const source = new Uint32Array(vector.buffer, vector.byteOffset, vector.length);
  for (let i = 0; i < source.length; i++, at += 2) {
    const bits = toBits(source[i]!);
    target[at] = bits & 0xff;
    target[at + 1] = bits >>> 8;
  }
}

/** Bits of the float16 nearest to a finite float32, ties to even; beyond 65,519 it is infinity. */
export function float16Bits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fff_ffff;
  if (magnitude >= 0x477f_f000) return sign | 0x7c00;
  if (magnitude >= 0x3880_0000) {
    return sign | ((magnitude - 0x3800_0000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude <= 0x3300_0000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const significand = (magnitude & 0x7f_ffff) | 0x80_0000;
  const kept = significand >>> shift;
  const rest = significand & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept);
}

/** Bits of the bfloat16 nearest to a finite float32, ties to even. */
export function bfloat16Bits(bits: number): number {
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
}

function writeInt8(vector: Float32Array, target: Uint8Array, at: number): void {
  let largest = 0;
  for (let i = 0; i < vector.length; i++) largest = Math.max(largest, Math.abs(vector[i]!));
  for (let i = 0; i < vector.length; i++) {
    target[at + i] = largest === 0 ? 0 : Math.round((vector[i]! / largest) * 127);
  }
}

function writeSigns(vector: Float32Array, target: Uint8Array, at: number): void {
  for (let i = 0; i < vector.length; i += 8) {
    let byte = 0;
    for (let bit = 0; bit < 8; bit++)
      byte = (byte << 1) | (i + bit < vector.length && vector[i + bit]! > 0 ? 1 : 0);
    target[at++] = byte;
  }
}

/** Values of one stored vector; int8 as integers, binary as 1 and −1. */
export function readVector(type: VectorType, bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  switch (type) {
    case 'float32':
      return Float32Array.from({ length: bytes.length >> 2 }, (_, i) => view.getFloat32(i * 4, true));
    case 'float16':
      return Float32Array.from({ length: bytes.length >> 1 }, (_, i) =>
        float16Value(view.getUint16(i * 2, true)),
      );
    case 'bfloat16': {
      const wide = new DataView(new ArrayBuffer(4));
      return Float32Array.from({ length: bytes.length >> 1 }, (_, i) => {
        wide.setUint16(0, view.getUint16(i * 2, true));
        return wide.getFloat32(0);
      });
    }
    case 'int8':
      return Float32Array.from(new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length));
    case 'binary':
      return Float32Array.from({ length: bytes.length * 8 }, (_, i) =>
        (bytes[i >> 3]! >> (7 - (i & 7))) & 1 ? 1 : -1,
      );
  }
}

function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
