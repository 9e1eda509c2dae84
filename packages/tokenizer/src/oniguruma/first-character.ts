import { Operation, type Program } from './program.js';
import type { SetTable } from './set-table.js';

/** Four words of 32 bits hold the 128 ASCII characters. */
export const WORDS: number = 4;

/**
 * Returns the ASCII characters before which an instruction can lead to a match: bit `c & 31` of word
 * `4 × instruction + (c >>> 5)`. Without the bit, trying the instruction there is useless.
 */
export function firstCharacters(program: Program, table: SetTable): Uint32Array {
  const { operation, next, x, y } = program;
  const count = operation.length;
  const first = new Uint32Array(count * WORDS);
  // Loops need several rounds. Sets only grow, so this ends.
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
            // A body that can match nothing reaches Accept, before which any character is possible.
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
 * Returns the instruction to start at before each ASCII character, after splits of which only one way can match; −1 if no
 * match can start there.
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
