/**
 * float32 as JSON numbers, faster than `JSON.stringify` and with fewer digits.
 * @module
 */
import { MODULE } from './module.generated.js';
import { powersOfTen } from './powers-of-ten.js';
import { writeShortestDecimal } from './shortest-decimal.js';

/** Limit on the bytes that {@link writeFloat32Json} writes per value, including its comma. */
export const FLOAT32_JSON_BYTES = 24;

const COMMA = 0x2c;
/** Values per call into the module: the area that `assembly/index.ts` reserves. */
const PIECE = 1024;

interface WasmExports {
  powersAt(): number;
  valuesAt(): number;
  textAt(): number;
  write(count: number): number;
}

/** Writes values, each followed by a comma; returns a negative number if a value is not finite, −1 for the first. */
type Writer = (values: Float32Array, from: number, to: number, out: Uint8Array, at: number) => number;

let writer: Writer | undefined;

/**
 * Writes float32 values as JSON numbers separated by commas, such as `0.1,-3,1e-10`.
 *
 * Each is the shortest decimal that `Math.fround` converts back to the same float32, or the closest of several equally
 * short ones: at most nine digits, while `JSON.stringify` writes the seventeen of a double. Zero keeps its sign.
 *
 * @param values - finite values; a view of one row or of a whole matrix
 * @param out - has room for `FLOAT32_JSON_BYTES` bytes per value from `at` on
 * @returns the position after the last byte
 * @throws RangeError if a value is NaN or infinite, which JSON cannot represent
 *
 * @example
 * ```ts
 * import { FLOAT32_JSON_BYTES, writeFloat32Json } from '@model2vec-ts/server/float32-json';
 *
 * const row = Float32Array.of(0.1, -3, 1e-10);
 * const out = new Uint8Array(row.length * FLOAT32_JSON_BYTES);
 * const end = writeFloat32Json(row, out, 0);
 * console.log(new TextDecoder().decode(out.subarray(0, end))); // 0.1,-3,1e-10
 * ```
 */
export function writeFloat32Json(values: Float32Array, out: Uint8Array, at: number): number {
  writer ??= wasmWriter() ?? writeInJavaScript;
  for (let from = 0; from < values.length; from += PIECE) {
    const to = Math.min(values.length, from + PIECE);
    const end = writer(values, from, to, out, at);
    if (end < 0) {
      const index = from - 1 - end;
      throw new RangeError(`values[${index}] must be finite to be written as JSON; found ${values[index]}`);
    }
    at = end;
  }
  return values.length === 0 ? at : at - 1;
}

/**
 * {@link Writer} for runtimes without WebAssembly.
 *
 * @example
 * ```ts
 * import { writeInJavaScript } from '@model2vec-ts/server/float32-json';
 *
 * const out = new Uint8Array(64);
 * const end = writeInJavaScript(Float32Array.of(0.1, -3), 0, 2, out, 0);
 * console.log(new TextDecoder().decode(out.subarray(0, end))); // 0.1,-3,
 * ```
 */
export function writeInJavaScript(
  values: Float32Array,
  from: number,
  to: number,
  out: Uint8Array,
  at: number,
): number {
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) return from - i - 1;
    at = writeShortestDecimal(value, out, at);
    out[at++] = COMMA;
  }
  return at;
}

function wasmWriter(): Writer | undefined {
  try {
    const bytes = new Uint8Array(MODULE.length);
    for (let i = 0; i < bytes.length; i++) bytes[i] = MODULE.charCodeAt(i) - 32;
    const memory = new WebAssembly.Memory({ initial: 1 });
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
    // The module is ours, so its exports have the types that it was compiled from.
    const wasm = instance.exports as unknown as WasmExports;
    const powers = powersOfTen();
    new BigUint64Array(memory.buffer, wasm.powersAt(), powers.length).set(powers);
    const input = new Float32Array(memory.buffer, wasm.valuesAt(), PIECE);
    const text = new Uint8Array(memory.buffer, wasm.textAt(), PIECE * FLOAT32_JSON_BYTES);
    return (values, from, to, out, at) => {
      input.set(values.subarray(from, to));
      const written = wasm.write(to - from);
      if (written < 0) return written;
      out.set(text.subarray(0, written), at);
      return at + written;
    };
  } catch {
    // Content security policies and edge runtimes forbid compiling at run time.
    return undefined;
  }
}
