import { BLOCK_ROWS, type ScoringKernel } from './scoring-kernel.js';
import type { VectorType } from './vector-type.js';
import { MODULE } from './wasm/module.generated.js';

/** Exports of `wasm/assembly/index.ts`. */
export interface ScoringExports {
  float32Scores(rows: number, stride: number, count: number, query: number, out: number): void;
  int8Scores(rows: number, stride: number, count: number, query: number, out: number): void;
  binaryDistances(rows: number, stride: number, count: number, query: number, out: number): void;
  selectFloats(
    scores: number,
    factors: number,
    count: number,
    scale: number,
    least: number,
    found: number,
  ): number;
  selectIntegers: ScoringExports['selectFloats'];
  rowsWithin(rows: number, stride: number, count: number, query: number, limit: number, out: number): number;
}

const PAGE = 1 << 16;
/** Bytes that the module may read after the rows and write after the scores, in addition to a group of four rows. */
const READ_AHEAD = 4096 + 256;
const WRITE_AHEAD = 64;

let compiled: Promise<WebAssembly.Module | undefined> | undefined;

/** Compiles the module once; `undefined` if this engine or page refuses WebAssembly with SIMD. */
export function compileScoring(): Promise<WebAssembly.Module | undefined> {
  compiled ??= instantiable().catch(() => undefined);
  return compiled;
}

/** Instantiates the module, too, because WebKit applies a content security policy only then. */
async function instantiable(): Promise<WebAssembly.Module> {
  const env = { memory: new WebAssembly.Memory({ initial: 1 }) };
  return (await WebAssembly.instantiate(moduleBytes(), { env })).module;
}

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MODULE.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = MODULE.charCodeAt(i) - 32;
  return bytes;
}

/**
 * Scores with the SIMD module. Its memory, from address 0: the query (int8 widened to int16); the scores, factors and
 * found positions of one block; the rows, and what is read ahead of them.
 */
export function wasmScoring(module: WebAssembly.Module, type: VectorType, stride: number): ScoringKernel {
  const scoresAt = stride * 2;
  const blockBytes = BLOCK_ROWS * 4 + WRITE_AHEAD;
  const factorsAt = scoresAt + blockBytes;
  const foundAt = factorsAt + blockBytes;
  const rowsAt = foundAt + blockBytes;
  const slack = READ_AHEAD + stride * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((rowsAt + slack) / PAGE) });
  // The module is ours, so its exports have the types that it was compiled from.
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScoringExports;
  const run = { float32: exports.float32Scores, int8: exports.int8Scores, binary: exports.binaryDistances }[
    type
  ];
  const select = type === 'float32' ? exports.selectFloats : exports.selectIntegers;
  const views = () => ({
    bytes: new Uint8Array(memory.buffer, rowsAt),
    scores: new Float32Array(memory.buffer, scoresAt, BLOCK_ROWS),
    factors: new Float32Array(memory.buffer, factorsAt, BLOCK_ROWS),
    found: new Uint32Array(memory.buffer, foundAt, BLOCK_ROWS),
  });
  let { bytes, scores, factors: ownFactors, found } = views();
  return {
    name: 'wasm',
    get bytes() {
      return bytes;
    },
    get scores() {
      return scores;
    },
    get found() {
      return found;
    },
    reserve(byteLength) {
      const missing = rowsAt + byteLength + slack - memory.buffer.byteLength;
      if (missing <= 0) return;
      memory.grow(Math.ceil(missing / PAGE));
      ({ bytes, scores, factors: ownFactors, found } = views());
    },
    setQuery(packed) {
      if (type !== 'int8') return new Uint8Array(memory.buffer, 0, stride).set(packed);
      new Int16Array(memory.buffer, 0, stride).set(new Int8Array(packed.buffer, packed.byteOffset, stride));
    },
    select(first, factors, scale, least) {
      ownFactors.set(factors);
      run(rowsAt + first * stride, stride, factors.length, 0, scoresAt);
      return select(scoresAt, factorsAt, factors.length, scale, least, foundAt);
    },
  };
}
