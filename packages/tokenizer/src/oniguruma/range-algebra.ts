import type { CodePointRanges } from '../unicode/code-point-set.js';

const CODE_POINTS = 0x110000;

export const NO_CODE_POINT: CodePointRanges = new Uint32Array(0);
export const EVERY_CODE_POINT: CodePointRanges = Uint32Array.of(0, CODE_POINTS);

/** Returns the code points whose membership in `a` and `b` passes `keep`. `keep(false, false)` must be false. */
function combine(
  a: CodePointRanges,
  b: CodePointRanges,
  keep: (inA: boolean, inB: boolean) => boolean,
): CodePointRanges {
  const borders = new Uint32Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const border = Math.min(a[i] ?? CODE_POINTS, b[j] ?? CODE_POINTS);
    if (a[i] === border) i++;
    if (b[j] === border) j++;
    // After an odd number of borders, code points are inside.
    if (keep((i & 1) === 1, (j & 1) === 1) !== ((count & 1) === 1)) borders[count++] = border;
  }
  return borders.slice(0, count);
}

export function unionOf(a: CodePointRanges, b: CodePointRanges): CodePointRanges {
  return combine(a, b, (inA, inB) => inA || inB);
}

export function intersectionOf(a: CodePointRanges, b: CodePointRanges): CodePointRanges {
  return combine(a, b, (inA, inB) => inA && inB);
}

export function complementOf(a: CodePointRanges): CodePointRanges {
  return combine(a, EVERY_CODE_POINT, (inA, inAll) => inAll && !inA);
}

/** Ranges of code points given in any order. */
export function rangesOf(codePoints: readonly number[]): CodePointRanges {
  const borders: number[] = [];
  for (const codePoint of [...codePoints].sort((a, b) => a - b)) {
    const last = borders.length - 1;
    if (last < 0 || borders[last]! < codePoint) borders.push(codePoint, codePoint + 1);
    else borders[last] = codePoint + 1;
  }
  return Uint32Array.from(borders);
}

export function includes(ranges: CodePointRanges, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[middle]! <= codePoint) low = middle + 1;
    else high = middle;
  }
  return (low & 1) === 1;
}
