import type { CodePointRanges } from '../unicode/code-point-set.js';
import { includes } from './range-algebra.js';

const WORDS_A_SET = 0x10000 / 32;

/** The sets of a program: one bit per code point of the first plane, ranges beyond. */
export interface SetTable {
  /** Set `s` contains code point `c` < 0x10000 if bit `c & 31` of word `(s << 11) + (c >>> 5)` is set. */
  readonly bits: Uint32Array;
  readonly ranges: readonly CodePointRanges[];
}

export function tableOf(sets: readonly CodePointRanges[]): SetTable {
  const bits = new Uint32Array(sets.length * WORDS_A_SET);
  for (let set = 0; set < sets.length; set++) {
    const ranges = sets[set]!;
    const words = bits.subarray(set * WORDS_A_SET, (set + 1) * WORDS_A_SET);
    for (let i = 0; i < ranges.length && ranges[i]! < 0x10000; i += 2) {
      const end = Math.min(ranges[i + 1]!, 0x10000);
      let codePoint = ranges[i]!;
      while (codePoint < end) {
        if ((codePoint & 31) === 0 && end - codePoint >= 32) {
          words[codePoint >>> 5] = 0xffffffff;
          codePoint += 32;
        } else {
          words[codePoint >>> 5]! |= 1 << (codePoint & 31);
          codePoint++;
        }
      }
    }
  }
  return { bits, ranges: sets };
}

export function tableHas({ bits, ranges }: SetTable, set: number, codePoint: number): boolean {
  if (codePoint >= 0x10000) return includes(ranges[set]!, codePoint);
  return ((bits[(set << 11) + (codePoint >>> 5)]! >>> (codePoint & 31)) & 1) === 1;
}
