import type { TableArrays, TableDtype } from '../embedding-table.js';
import { LITTLE_ENDIAN } from '../tensor-elements.js';
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
    const module = new Uint8Array(MODULE.length);
    for (let i = 0; i < module.length; i++) module[i] = MODULE.charCodeAt(i) - 32;
    const memory = new WebAssembly.Memory({ initial: (PART_BYTES + PART_BYTES / 4) / PAGE_BYTES });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(module), { env: { memory } });
    // The module is ours, so its exports have the types that it was compiled from.
    this.#exports = instance.exports as unknown as Exports;
    this.#bytes = new Uint8Array(memory.buffer, 0, PART_BYTES);
    this.#codes = new Int8Array(memory.buffer, PART_BYTES, PART_BYTES / 4);
  }

  /** Whether any element is NaN or ±Infinity. */
  hasNonFinite<Dtype extends TableDtype>(dtype: Dtype, data: TableArrays[Dtype]): boolean {
    if (dtype === 'int8') return false;
    const { largestWord, largestHalf } = this.#exports;
    const isHalf = data.BYTES_PER_ELEMENT === 2;
    // Of a float64 only the second word, the upper one, has an exponent.
    const lowMask = dtype === 'float64' ? 0 : MAGNITUDE;
    const limit = NOT_FINITE[dtype as Exclude<Dtype, 'int8'>];
    const source = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
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
    return new Float32Array(Int32Array.of(largest).buffer)[0]!;
  }

  /** Writes the int8 of each element, as `quantizeTable` says. */
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
    const end = Math.ceil(part.length / BLOCK_BYTES) * BLOCK_BYTES;
    this.#bytes.set(part);
    this.#bytes.fill(0, part.length, end);
    return end;
  }
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
