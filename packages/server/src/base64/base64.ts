import { MODULE } from './module.generated.js';

interface NodeBuffer {
  from(buffer: ArrayBufferLike, offset: number, length: number): { toString(encoding: 'base64'): string };
}

const { Buffer } = globalThis as { readonly Buffer?: NodeBuffer };
/** Arguments that `String.fromCharCode` accepts at once in every engine. */
const CHUNK = 8192;

/** Base64 of the little-endian float32 values, as OpenAI's `encoding_format: base64`. */
export function base64Of(values: Float32Array): string {
  if (Buffer !== undefined) {
    return Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64');
  }
  const bytes = bytesOf(values);
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(binary);
}

/** The bytes of float32 values: little-endian, like every platform that runs JavaScript. */
export function bytesOf(values: Float32Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
}

/** Writes the base64 of values to `out` and returns the position after it. */
type Writer = (values: Float32Array, out: Uint8Array, at: number) => number;

/** Values per call into the module: a multiple of three, so that only the last call adds padding. */
const PIECE = 3072;

interface WasmExports {
  bytesAt(): number;
  textAt(): number;
  write(count: number): number;
}

let writer: Writer | undefined;

/** Characters of the base64 of some values. */
export function base64Length(values: number): number {
  return Math.ceil((values * 4) / 3) * 4;
}

/**
 * Writes the base64 of the little-endian float32 values to `out`, without a string in between.
 *
 * @param out - has room for {@link base64Length} bytes from `at` on
 * @returns the position after the last character
 */
export function writeBase64(values: Float32Array, out: Uint8Array, at: number): number {
  writer ??= wasmWriter() ?? writeInJavaScript;
  return writer(values, out, at);
}

/** {@link writeBase64} for runtimes without WebAssembly. */
export function writeInJavaScript(values: Float32Array, out: Uint8Array, at: number): number {
  const text = base64Of(values);
  for (let i = 0; i < text.length; i++) out[at++] = text.charCodeAt(i);
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
    const input = new Uint8Array(memory.buffer, wasm.bytesAt(), PIECE * 4);
    const text = new Uint8Array(memory.buffer, wasm.textAt(), base64Length(PIECE));
    return (values, out, at) => {
      for (let from = 0; from < values.length; from += PIECE) {
        const piece = bytesOf(values.subarray(from, from + PIECE));
        input.set(piece);
        const length = wasm.write(piece.length);
        out.set(text.subarray(0, length), at);
        at += length;
      }
      return at;
    };
  } catch {
    // Content security policies and edge runtimes forbid compiling at run time.
    return undefined;
  }
}
