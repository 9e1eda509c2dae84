import { moduleBytes } from '../module-bytes.js';
import { LITTLE_ENDIAN } from '../safetensors/tensor-elements.js';
import type { TableArrays, TableDtype } from '../table/embedding-table.js';
import { MODULE } from './module.generated.js';

/** What assembly/index.ts exports. */
interface Exports {
  largestWord(at: number, end: number, lowMask: number, highMask: number): number;
  largestHalf(at: number, end: number): number;
  toInt8(at: number, end: number, scale: number, to: number): void;
}

/** Elements are copied here a part at a time, which the second-level cache holds. */
const PART_BYTES = 1 << 18;
const PAGE_BYTES = 1 << 16;
/** What the loops take at a time. */
const BLOCK_BYTES = 64;

const MAGNITUDE = 0x7fff_ffff;

/** Magnitudes from here on, of the words that have exponents, are those of NaN and ±Infinity. */
const NOT_FINITE: { readonly [Dtype in Exclude<TableDtype, 'int8'>]: number } = {
  float64: 0x7ff0_0000,
  float32: 0x7f80_0000,
  float16: 0x7c00,
  bfloat16: 0x7f80,
};

/** Magnitudes from here on are more than float16 has. */
const BEYOND_FLOAT16 = 65_520;
/** Smaller ones can double as float16. */
const SMALLEST_NORMAL = 2 ** -14;

let compiled: WebAssembly.Module | undefined;

/** @throws what WebAssembly throws where it cannot run SIMD */
function instantiate(memory: WebAssembly.Memory): Exports {
  compiled ??= new WebAssembly.Module(moduleBytes(MODULE));
  const instance = new WebAssembly.Instance(compiled, { env: { memory } });
  // The module is ours, so its exports have the types that it was compiled from.
  return instance.exports as unknown as Exports;
}

function blocksEnd(byteLength: number): number {
  return Math.ceil(byteLength / BLOCK_BYTES) * BLOCK_BYTES;
}

function floatOf(bits: number): number {
  return new Float32Array(Int32Array.of(bits).buffer)[0]!;
}

/**
 * Loops over the elements of tables in WebAssembly: they run once, before an engine has compiled JavaScript, which then
 * takes several times as long. Bound by memory, out of which elements are copied to the module's own.
 *
 * For machines that keep the lowest byte of a number first.
 */
export class ElementLoops {
  readonly #exports: Exports;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #codes: Int8Array<ArrayBuffer>;

  /** @throws what WebAssembly throws where it cannot run SIMD */
  constructor() {
    const memory = new WebAssembly.Memory({ initial: (PART_BYTES + PART_BYTES / 4) / PAGE_BYTES });
    this.#exports = instantiate(memory);
    this.#bytes = new Uint8Array(memory.buffer, 0, PART_BYTES);
    this.#codes = new Int8Array(memory.buffer, PART_BYTES, PART_BYTES / 4);
  }

  /** Whether any element is NaN or ±Infinity. */
  hasNonFinite<Dtype extends TableDtype>(dtype: Dtype, data: TableArrays[Dtype]): boolean {
    if (dtype === 'int8') return false;
    const isHalf = data.BYTES_PER_ELEMENT === 2;
    // Of a float64 only the second word, the upper one, has an exponent.
    const lowMask = dtype === 'float64' ? 0 : MAGNITUDE;
    const limit = NOT_FINITE[dtype as Exclude<Dtype, 'int8'>];
    const { buffer, byteOffset, byteLength } = data;
    const { largestWord, largestHalf } = this.#exports;
    const source = new Uint8Array(buffer, byteOffset, byteLength);
    for (let start = 0; start < source.length; start += PART_BYTES) {
      const end = this.#copy(source.subarray(start, start + PART_BYTES));
      const largest = isHalf ? largestHalf(0, end) : largestWord(0, end, lowMask, MAGNITUDE);
      if (largest >= limit) return true;
    }
    return false;
  }

  /** The largest magnitude, which is finite. */
  largest(data: Float32Array): number {
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    let largest = 0;
    for (let start = 0; start < source.length; start += PART_BYTES) {
      const end = this.#copy(source.subarray(start, start + PART_BYTES));
      largest = Math.max(largest, this.#exports.largestWord(0, end, MAGNITUDE, MAGNITUDE));
    }
    return floatOf(largest);
  }

  /** Writes the int8 of each element, as `quantizeTable` says, where {@link canRound} says that they can. */
  toInt8(data: Float32Array, scale: number, target: Int8Array): void {
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let start = 0; start < source.length; start += PART_BYTES) {
      const part = source.subarray(start, start + PART_BYTES);
      this.#exports.toInt8(0, this.#copy(part), scale, PART_BYTES);
      target.set(this.#codes.subarray(0, part.length / 4), start / 4);
    }
  }

  /** Where the blocks end that hold the part, with zeros behind it. */
  #copy(part: Uint8Array): number {
    const end = blocksEnd(part.length);
    this.#bytes.set(part);
    this.#bytes.fill(0, part.length, end);
    return end;
  }
}

/** Whether the loops give the int8 of elements of which that is the largest magnitude. */
export function canRound(largest: number): boolean {
  return largest >= SMALLEST_NORMAL && largest < BEYOND_FLOAT16;
}

/** So much of a table is read at a time, which the caches of most machines hold. */
const ROUNDING_BYTES = 1 << 21;

/** Memory for parts of a float32 table that become int8 there, one of which is filled while the other is worked on. */
export class Int8Rounding {
  /** To be filled. */
  readonly parts: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  readonly #exports: Exports;

  /** @throws what WebAssembly throws where it cannot run SIMD */
  constructor() {
    const memory = new WebAssembly.Memory({ initial: (2 * ROUNDING_BYTES) / PAGE_BYTES });
    this.#exports = instantiate(memory);
    this.parts = [
      new Uint8Array(memory.buffer, 0, ROUNDING_BYTES),
      new Uint8Array(memory.buffer, ROUNDING_BYTES, ROUNDING_BYTES),
    ];
  }

  /** The largest magnitude of elements, or NaN or Infinity where there is one. */
  largest(elements: Uint8Array): number {
    const [at, end] = blocksOf(elements);
    return floatOf(this.#exports.largestWord(at, end, MAGNITUDE, MAGNITUDE));
  }

  /** The elements as {@link ElementLoops.toInt8} has them, where they were until now. */
  toInt8(elements: Uint8Array, scale: number): Int8Array {
    const [at, end] = blocksOf(elements);
    this.#exports.toInt8(at, end, scale, at);
    return new Int8Array(elements.buffer, at, elements.length / 4);
  }
}

/** Where elements begin, at the start of a part, and where the blocks end that hold them, with zeros behind. */
function blocksOf({ buffer, byteOffset, byteLength }: Uint8Array): [number, number] {
  const end = blocksEnd(byteLength);
  new Uint8Array(buffer, byteOffset + byteLength, end - byteLength).fill(0);
  return [byteOffset, byteOffset + end];
}

let loops: ElementLoops | undefined | null = null;

/** The loops, made at first use; `undefined` where they cannot run. */
export function elementLoops(): ElementLoops | undefined {
  if (loops !== null) return loops;
  try {
    loops = LITTLE_ENDIAN ? new ElementLoops() : undefined;
  } catch {
    loops = undefined;
  }
  return loops;
}

/** {@link Int8Rounding}; `undefined` where it cannot be had. */
export function int8Rounding(): Int8Rounding | undefined {
  try {
    return LITTLE_ENDIAN ? new Int8Rounding() : undefined;
  } catch {
    return undefined;
  }
}
