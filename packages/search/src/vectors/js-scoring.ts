import { packedRows } from './packed-rows.js';
import { BLOCK_ROWS, type ScoringKernel } from './scoring-kernel.js';
import type { VectorType } from './vector-type.js';

/** Scoring without WebAssembly, for engines and pages that forbid it. Bound by one multiplication per value. */
export function jsScoring(type: VectorType, stride: number): ScoringKernel {
  let bytes = new Uint8Array(0);
  const query = new Uint8Array(stride);
  const scores = new Float32Array(BLOCK_ROWS);
  const found = new Uint32Array(BLOCK_ROWS);
  const score = { float32: scoreFloats, int8: scoreInt8, binary: countBits }[type];
  return {
    name: 'js',
    found,
    scores,
    ...packedRows(stride, () => bytes),
    reserve(rows) {
      if (rows * stride <= bytes.length) return;
      const larger = new Uint8Array(rows * stride);
      larger.set(bytes);
      bytes = larger;
    },
    setQuery: (packed) => query.set(packed),
    select(first, factors, scale, least) {
      score(first, factors.length);
      let number = 0;
      for (let row = 0; row < factors.length; row++) {
        scores[row] = scores[row]! * factors[row]! * scale;
        if (scores[row]! >= least) found[number++] = row;
      }
      return number;
    },
  };

  function scoreFloats(first: number, count: number): void {
    const width = stride / 4;
    const rows = new Float32Array(bytes.buffer, first * stride, count * width);
    const q = new Float32Array(query.buffer);
    for (let row = 0, at = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < width; i++, at++) sum += rows[at]! * q[i]!;
      scores[row] = sum;
    }
  }

  function scoreInt8(first: number, count: number): void {
    const rows = new Int8Array(bytes.buffer, first * stride, count * stride);
    const q = new Int8Array(query.buffer);
    for (let row = 0, at = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < stride; i++, at++) sum = (sum + Math.imul(rows[at]!, q[i]!)) | 0;
      scores[row] = sum;
    }
  }

  function countBits(first: number, count: number): void {
    const width = stride / 4;
    const rows = new Uint32Array(bytes.buffer, first * stride, count * width);
    const q = new Uint32Array(query.buffer);
    for (let row = 0, at = 0; row < count; row++) {
      let sum = 0;
      for (let i = 0; i < width; i++, at++) {
        let bits = rows[at]! ^ q[i]!;
        bits -= (bits >>> 1) & 0x5555_5555;
        bits = (bits & 0x3333_3333) + ((bits >>> 2) & 0x3333_3333);
        sum += Math.imul((bits + (bits >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
      }
      scores[row] = sum;
    }
  }
}
