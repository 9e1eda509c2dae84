import { decodeNumbers } from './code-point-set.js';
import { SCRIPT_RUNS } from './scripts.generated.js';

/** The script of a space, and of characters without a script in the reference. */
export const ANY_SCRIPT = 0;

interface Runs {
  /** End of each run. */
  readonly ends: Uint32Array;
  readonly scripts: Uint32Array;
}

let runs: Runs | undefined;

function readRuns(): Runs {
  const numbers = decodeNumbers(SCRIPT_RUNS);
  const count = numbers.length / 2;
  let end = 0;
  const ends = numbers.subarray(0, count).map((length) => {
    end += length + 1;
    return end;
  });
  return { ends, scripts: numbers.subarray(count) };
}

/** Returns a number that is equal for two characters if the reference's UnicodeScripts does not cut between them. */
export function scriptOf(codePoint: number): number {
  runs ??= readRuns();
  let low = 0;
  let high = runs.ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (runs.ends[middle]! <= codePoint) low = middle + 1;
    else high = middle;
  }
  return runs.scripts[low]!;
}
