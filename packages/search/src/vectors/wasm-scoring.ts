import { int8Scoring } from './int8-scoring.js';
import { packedRows } from './packed-rows.js';
import { BLOCK_ROWS, type ScoringKernel } from './scoring-kernel.js';
import type { ScoringExports } from './scoring-module.js';
import type { VectorType } from './vector-type.js';

const PAGE = 1 << 16;
/** Bytes that the module may read after the rows and write after the scores, in addition to a group of four rows. */
const READ_AHEAD = 4096 + 256;
const WRITE_AHEAD = 64;

/** Scores with the SIMD module. */
export function wasmScoring(module: WebAssembly.Module, type: VectorType, stride: number): ScoringKernel {
  return type === 'int8' ? int8Scoring(module, stride) : packedScoring(module, type, stride);
}

/**
 * Scores rows that are stored packed. Memory, from address 0: the query; the scores, factors and found positions of one
 * block; the rows; bytes that the module may read after them.
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
