import { int8Scoring } from './int8-scoring.js';
import { packedRows } from './packed-rows.js';
import { BLOCK_ROWS, type ScoringKernel } from './scoring-kernel.js';
import type { VectorType } from './vector-type.js';
import { MODULE } from './wasm/module.generated.js';

/** Exports of `wasm/assembly/index.ts`. */
export interface ScoringExports {
  float32Scores(rows: number, stride: number, count: number, query: number, out: number): void;
  splitRow(row: number, half: number, high: number, low: number): number;
  joinRow(high: number, low: number, half: number, row: number): void;
  nibbleScores(rows: number, half: number, count: number, query: number, out: number): void;
  selectNear(
    scores: number,
    errors: number,
    factors: number,
    count: number,
    offset: number,
    reach: number,
    scale: number,
    least: number,
    found: number,
  ): number;
  selectExact(
    low: number,
    half: number,
    query: number,
    scores: number,
    factors: number,
    offset: number,
    scale: number,
    least: number,
    found: number,
    number: number,
  ): number;
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

/** Scores with the SIMD module. */
export function wasmScoring(module: WebAssembly.Module, type: VectorType, stride: number): ScoringKernel {
  return type === 'int8' ? int8Scoring(module, stride) : packedScoring(module, type, stride);
}

/**
 * Scores rows that are stored packed. Memory, from address 0: the query; the scores, factors and found positions of one
 * block; the rows, and what is read ahead of them.
 */
function packedScoring(
  module: WebAssembly.Module,
  type: 'float32' | 'binary',
  stride: number,
): ScoringKernel {
  const scoresAt = stride;
  const blockBytes = BLOCK_ROWS * 4 + WRITE_AHEAD;
  const factorsAt = scoresAt + blockBytes;
  const foundAt = factorsAt + blockBytes;
  const rowsAt = foundAt + blockBytes;
  const slack = READ_AHEAD + stride * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil((rowsAt + slack) / PAGE) });
  // The module is ours, so its exports have the types that it was compiled from.
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScoringExports;
  const run = { float32: exports.float32Scores, binary: exports.binaryDistances }[type];
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
    ...packedRows(stride, () => bytes),
    get scores() {
      return scores;
    },
    get found() {
      return found;
    },
    reserve(rows) {
      const missing = rowsAt + rows * stride + slack - memory.buffer.byteLength;
      if (missing <= 0) return;
      memory.grow(Math.ceil(missing / PAGE));
      ({ bytes, scores, factors: ownFactors, found } = views());
    },
    setQuery(packed) {
      new Uint8Array(memory.buffer, 0, stride).set(packed);
    },
    select(first, factors, scale, least) {
      ownFactors.set(factors);
      run(rowsAt + first * stride, stride, factors.length, 0, scoresAt);
      return select(scoresAt, factorsAt, factors.length, scale, least, foundAt);
    },
  };
}
