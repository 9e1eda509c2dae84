import type { CodePointRanges } from './code-point-set.js';

/** Returns the code points in exactly one of the two. */
export function differenceOf(a: CodePointRanges, b: CodePointRanges): CodePointRanges {
  const borders = new Uint32Array(a.length + b.length);
  let count = 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const left = a[i] ?? Number.POSITIVE_INFINITY;
    const right = b[j] ?? Number.POSITIVE_INFINITY;
    if (left <= right) i++;
    if (right <= left) j++;
    // A border of both cancels out: membership changes twice.
    if (left !== right) borders[count++] = Math.min(left, right);
  }
  return borders.slice(0, count);
}
