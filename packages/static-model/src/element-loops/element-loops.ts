import { moduleBytes } from '../module-bytes.js';
import { LITTLE_ENDIAN } from '../safetensors/tensor-elements.js';
import type { TableArrays, TableDtype } from '../table/embedding-table.js';
import { MODULE } from './module.generated.js';

/** Exports of assembly/index.ts. */
interface Exports {
  largestWord(at: number, end: number, lowMask: number, highMask: number): number;
  largestHalf(at: number, end: number): number;
  toInt8(at: number, end: number, scale: number, to: number): void;
}

/** Elements are copied in parts that fit the second-level cache. */
const PART_BYTES = 1 << 18;
const PAGE_BYTES = 1 << 16;
/** Bytes that one pass of a loop reads. */
const BLOCK_BYTES = 64;

const MAGNITUDE = 0x7fff_ffff;

/** Masked words from this value up are NaN or ±Infinity. */
const NOT_FINITE: { readonly [Dtype in Exclude<TableDtype, 'int8'>]: number } = {
  float64: 0x7ff0_0000,
  float32: 0x7f80_0000,
  float16: 0x7c00,
  bfloat16: 0x7f80,
};

/** Magnitudes from this value up overflow float16. */
const BEYOND_FLOAT16 = 65_520;
/** A smaller number can double when it is rounded to float16. */
const SMALLEST_NORMAL = 2 ** -14;

let compiled: WebAssembly.Module | undefined;

/** @throws the error of WebAssembly if it cannot run SIMD */
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
 * Loops over table elements in WebAssembly. They run once, before the engine has compiled JavaScript, which would take
 * several times as long. Bound by memory bandwidth: elements are copied to the module's own memory.
 *
 * Little-endian machines only.
 */
export class ElementLoops {
  readonly #exports: Exports;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #codes: Int8Array<ArrayBuffer>;

  /** @throws the error of WebAssembly if it cannot run SIMD */
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
    // The exponent of a float64 is in its second, upper word.
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

  /** Returns the largest magnitude; all elements must be finite. */
  largest(data: Float32Array): number {
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    let largest = 0;
    for (let start = 0; start < source.length; start += PART_BYTES) {
      const end = this.#copy(source.subarray(start, start + PART_BYTES));
      largest = Math.max(largest, this.#exports.largestWord(0, end, MAGNITUDE, MAGNITUDE));
    }
    return floatOf(largest);
  }

  /** Converts each element to int8 as `quantizeTable` does. Call only if {@link canRound} allows it. */
  toInt8(data: Float32Array, scale: number, target: Int8Array): void {
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    for (let start = 0; start < source.length; start += PART_BYTES) {
      const part = source.subarray(start, start + PART_BYTES);
      this.#exports.toInt8(0, this.#copy(part), scale, PART_BYTES);
      target.set(this.#codes.subarray(0, part.length / 4), start / 4);
    }
  }

  /** Copies a part, zero-fills its last block, and returns the end of that block. */
  #copy(part: Uint8Array): number {
    const end = blocksEnd(part.length);
    this.#bytes.set(part);
    this.#bytes.fill(0, part.length, end);
    return end;
  }
}

/** Whether the loops convert elements with this largest magnitude exactly. */
export function canRound(largest: number): boolean {
  return largest >= SMALLEST_NORMAL && largest < BEYOND_FLOAT16;
}

/** Part of a table read at a time; it fits the caches of most machines. */
const ROUNDING_BYTES = 1 << 21;

/**
 * Memory for parts of a float32 table that are converted to int8 in place: one part is filled while the other is
 * converted.
 */
export class Int8Rounding {
  /** Filled by the caller. */
  readonly parts: readonly [Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>];
  readonly #exports: Exports;

  /** @throws the error of WebAssembly if it cannot run SIMD */
  constructor() {
    const memory = new WebAssembly.Memory({ initial: (2 * ROUNDING_BYTES) / PAGE_BYTES });
    this.#exports = instantiate(memory);
    this.parts = [
      new Uint8Array(memory.buffer, 0, ROUNDING_BYTES),
      new Uint8Array(memory.buffer, ROUNDING_BYTES, ROUNDING_BYTES),
    ];
  }

  /** Returns the largest magnitude, or NaN or Infinity if an element is. */
  largest(elements: Uint8Array): number {
    const [at, end] = blocksOf(elements);
    return floatOf(this.#exports.largestWord(at, end, MAGNITUDE, MAGNITUDE));
  }

  /** Converts the elements in place, as {@link ElementLoops.toInt8} does. */
  toInt8(elements: Uint8Array, scale: number): Int8Array {
    const [at, end] = blocksOf(elements);
    this.#exports.toInt8(at, end, scale, at);
    return new Int8Array(elements.buffer, at, elements.length / 4);
  }
}

/** Start and end of the blocks that hold the elements, which begin a part; the last block is zero-filled. */
function blocksOf({ buffer, byteOffset, byteLength }: Uint8Array): [number, number] {
  const end = blocksEnd(byteLength);
  new Uint8Array(buffer, byteOffset + byteLength, end - byteLength).fill(0);
  return [byteOffset, byteOffset + end];
}

let loops: ElementLoops | undefined | null = null;

/** The loops, created on first use; `undefined` if they cannot run. */
export function elementLoops(): ElementLoops | undefined {
  if (loops !== null) return loops;
  try {
    loops = LITTLE_ENDIAN ? new ElementLoops() : undefined;
  } catch {
    loops = undefined;
  }
  return loops;
}

/** {@link Int8Rounding}; `undefined` if it cannot run. */
export function int8Rounding(): Int8Rounding | undefined {
  try {
    return LITTLE_ENDIAN ? new Int8Rounding() : undefined;
  } catch {
    return undefined;
  }
}
