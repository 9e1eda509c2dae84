import { BLOCK_ROWS, type ScoringKernel } from './scoring-kernel.js';
import type { ScoringExports } from './scoring-module.js';

const PAGE = 1 << 16;
/** Values of a row that the module reads together. */
const CHUNK = 32;
/** Bytes that the module may write after the values of a block. */
const WRITE_AHEAD = 16;
/**
 * Makes up for float32 rounding. Rounding errs by at most 4e-7 of the product of lengths, and the distance that this
 * multiplies is at least a 254th of a row's length, because every value is at least a half from its range's middle.
 */
const ROUNDED_UP = 1.001;

/**
 * Scores int8 rows with the SIMD module. Each block of {@link BLOCK_ROWS} rows holds the high four bits of all values,
 * then the low ones, then for each row the distance between its values and the middles of their high bits' ranges. By
 * Cauchy and Schwarz, that distance times the query's length bounds what the low bits add to a product, so only rows
 * whose bound reaches the wanted score need them.
 *
 * Memory, from address 0: factors of the query; one packed row; the scores, factors and found positions of one block;
 * the blocks.
 */
export function int8Scoring(module: WebAssembly.Module, stride: number): ScoringKernel {
  const half = (Math.ceil(stride / CHUNK) * CHUNK) / 2;
  const rowAt = half * 4;
  const scoresAt = rowAt + half * 2;
  const partBytes = BLOCK_ROWS * 4 + WRITE_AHEAD;
  const factorsAt = scoresAt + partBytes;
  const foundAt = factorsAt + partBytes;
  const blocksAt = Math.ceil((foundAt + partBytes) / 64) * 64;
  const planeBytes = BLOCK_ROWS * half;
  const blockBytes = planeBytes * 2 + BLOCK_ROWS * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(blocksAt / PAGE) });
  // The module is ours, so its exports have the types that it was compiled from.
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as ScoringExports;
  const views = () => ({
    floats: new Float32Array(memory.buffer),
    queryFactors: new Int16Array(memory.buffer, 0, half * 2),
    packedRow: new Uint8Array(memory.buffer, rowAt, stride),
    scores: new Float32Array(memory.buffer, scoresAt, BLOCK_ROWS),
    found: new Uint32Array(memory.buffer, foundAt, BLOCK_ROWS),
  });
  let view = views();
  const query = new Int8Array(half * 2);
  let length = 0;
  /** What the nibbles' offsets add to a product: with both nibbles of each value, and with the high one. */
  let offset = 0;
  let highOffset = 0;

  /** Address of a row's high nibbles; its low ones follow `planeBytes` later. */
  function addressOf(row: number): number {
    return blocksAt + Math.floor(row / BLOCK_ROWS) * blockBytes + (row % BLOCK_ROWS) * half;
  }

  function errorAddressOf(row: number): number {
    const block = blocksAt + Math.floor(row / BLOCK_ROWS) * blockBytes;
    return block + planeBytes * 2 + (row % BLOCK_ROWS) * 4;
  }

  function read(row: number): Uint8Array<ArrayBuffer> {
    const at = addressOf(row);
    exports.joinRow(at, at + planeBytes, half, rowAt);
    return view.packedRow;
  }

  return {
    name: 'wasm',
    get scores() {
      return view.scores;
    },
    get found() {
      return view.found;
    },
    reserve(rows) {
      const missing = blocksAt + Math.ceil(rows / BLOCK_ROWS) * blockBytes - memory.buffer.byteLength;
      if (missing <= 0) return;
      memory.grow(Math.ceil(missing / PAGE));
      view = views();
    },
    write(row, packed) {
      view.packedRow.set(packed);
      const at = addressOf(row);
      const squares = exports.splitRow(rowAt, half, at, at + planeBytes);
      view.floats[errorAddressOf(row) / 4] = Math.sqrt(squares) / 2;
    },
    read,
    readAll(count) {
      const all = new Uint8Array(count * stride);
      for (let row = 0; row < count; row++) all.set(read(row), row * stride);
      return all;
    },
    setQuery(packed) {
      query.set(packed);
      let sum = 0;
      let signedSum = 0;
      let squares = 0;
      for (let i = 0; i < query.length; i++) {
        const value = query[i]!;
        const place = i % CHUNK;
        // The lane of the value eight earlier, shifted, holds this value's nibble, too.
        view.queryFactors[i] = place < 8 ? value : value - 16 * query[i - 8]!;
        sum += value;
        squares += value * value;
        if (place >= 24) signedSum += value;
      }
      // Values are 16 × high + low − 128. Both nibbles of the last eight values in a chunk are stored less 8.
      offset = 136 * signedSum - 128 * sum;
      highOffset = Math.ceil(128 * signedSum - 120.5 * sum);
      length = Math.sqrt(squares);
    },
    select(first, factors, scale, least) {
      const at = addressOf(first);
      const count = factors.length;
      view.floats.set(factors, factorsAt / 4);
      exports.nibbleScores(at, half, count, 0, scoresAt);
      const errorsAt = errorAddressOf(first);
      const reach = length * ROUNDED_UP;
      const near = exports.selectNear(
        scoresAt,
        errorsAt,
        factorsAt,
        count,
        highOffset,
        reach,
        scale,
        least,
        foundAt,
      );
      return exports.selectExact(
        at + planeBytes,
        half,
        0,
        scoresAt,
        factorsAt,
        offset,
        scale,
        least,
        foundAt,
        near,
      );
    },
  };
}
