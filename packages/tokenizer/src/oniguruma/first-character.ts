import { Operation, type Program } from './program.js';
import type { SetTable } from './set-table.js';

/** Four words of 32 bits hold the 128 ASCII characters. */
export const WORDS: number = 4;

/**
 * The ASCII characters that can follow where an instruction matches: bit `c & 31` of word `4 × instruction + (c >>> 5)`.
 * Where the bit is not set, trying the instruction before that character cannot lead to a match.
 */
export function firstCharacters(program: Program, table: SetTable): Uint32Array {
  const { operation, next, x, y } = program;
  const count = operation.length;
  const first = new Uint32Array(count * WORDS);
  // Loops need more rounds than one; sets only grow, so this ends.
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = 0; i < count; i++) {
      for (let word = 0; word < WORDS; word++) {
        const ofNext = next[i]! < 0 ? 0 : first[next[i]! * WORDS + word]!;
        const ofX = (): number => first[x[i]! * WORDS + word]!;
        const ofSet = (): number => table.bits[(x[i]! << 11) + word]!;
        let bits: number;
        switch (operation[i]) {
          case Operation.Unit:
            bits = x[i]! >>> 5 === word ? 1 << (x[i]! & 31) : 0;
            break;
          case Operation.Set:
            bits = ofSet();
            break;
          case Operation.Split:
            bits = ofNext | ofX();
            break;
          case Operation.Run:
          case Operation.PossessiveRun:
            bits = ofSet() | (y[i] === 0 ? ofNext : 0);
            break;
          case Operation.Anchor:
          case Operation.Look:
            bits = ofNext;
            break;
          case Operation.LookAtSet:
            bits = ofNext & (y[i] === 0 ? ofSet() : ~ofSet());
            break;
          case Operation.Atomic:
            // A body that can match nothing reaches the end, before which any character can stand.
            bits = ofX();
            break;
          default:
            bits = 0xffffffff;
        }
        const index = i * WORDS + word;
        const before = first[index]!;
        first[index] = before | bits;
        if (first[index] !== before) changed = true;
      }
    }
  }
  return first;
}

/**
 * Where to enter the program before each ASCII character, −1 where no match can start there: past the splits of
 * which only one way can match.
 */
export function entriesOf({ operation, next, start, x }: Program, first: Uint32Array): Int32Array {
  const entries = new Int32Array(128);
  for (let unit = 0; unit < 128; unit++) {
    const canStart = (instruction: number): boolean =>
      ((first[instruction * WORDS + (unit >>> 5)]! >>> (unit & 31)) & 1) === 1;
    let entry = canStart(start) ? start : -1;
    while (entry >= 0 && operation[entry] === Operation.Split) {
      if (!canStart(next[entry]!)) entry = x[entry]!;
      else if (!canStart(x[entry]!)) entry = next[entry]!;
      else break;
    }
    entries[unit] = entry;
  }
  return entries;
}
