import { FailureMemo } from './failure-memo.js';
import { entriesOf, firstCharacters, WORDS } from './first-character.js';
import { ANCHOR_KINDS, Operation, type Program } from './program.js';
import { type SetTable, tableHas, tableOf } from './set-table.js';

const NO_MATCH = -1;
/** The quick search took more steps than ordinary text needs. */
const OUT_OF_STEPS = -2;

/** Steps per UTF-16 unit of the quick search, which bounds its time. */
const STEPS_A_UNIT = 16;
/** Added to the length of every text, so that short ones rarely need the slow search. */
const UNITS_MORE = 256;

// A switch over properties of an import is slow in runners that rewrite modules.
const {
  Accept: ACCEPT,
  Unit: UNIT,
  Set: SET,
  Split: SPLIT,
  Run: RUN,
  PossessiveRun: POSSESSIVE_RUN,
  Anchor: ANCHOR,
  Look: LOOK,
  LookAtSet: LOOK_AT_SET,
  Atomic: ATOMIC,
  BackwardSet: BACKWARD_SET,
} = Operation;

const REPLACEMENT = 0xfffd;

const [LINE_START, LINE_END, TEXT_START, TEXT_END, LAST_NEWLINE, WORD_BOUNDARY] = ANCHOR_KINDS.keys();

/** The code point at `position`, which is inside the text; a lone surrogate counts as U+FFFD. */
function codePointAt(text: string, position: number): number {
  const codePoint = text.codePointAt(position)!;
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? REPLACEMENT : codePoint;
}

/** Start of the code point that ends at `position`. */
function startBefore(text: string, position: number): number {
  const low = text.charCodeAt(position - 1);
  if (low >= 0xdc00 && low <= 0xdfff && position > 1) {
    const high = text.charCodeAt(position - 2);
    if (high >= 0xd800 && high <= 0xdbff) return position - 2;
  }
  return position - 1;
}

/** End of the code point that starts at `position`. */
export function endAfter(text: string, position: number): number {
  const high = text.charCodeAt(position);
  if (high >= 0xd800 && high <= 0xdbff && position + 1 < text.length) {
    const low = text.charCodeAt(position + 1);
    if (low >= 0xdc00 && low <= 0xdfff) return position + 2;
  }
  return position + 1;
}

function holds(kind: number, word: number, text: string, position: number, table: SetTable): boolean {
  const { length } = text;
  switch (kind) {
    case LINE_START:
      // Oniguruma starts no line after a newline that ends the text.
      return position === 0 || (position < length && text.charCodeAt(position - 1) === 10);
    case LINE_END:
      return position === length || text.charCodeAt(position) === 10;
    case TEXT_START:
      return position === 0;
    case TEXT_END:
      return position === length;
    case LAST_NEWLINE:
      return position === length || (position === length - 1 && text.charCodeAt(position) === 10);
    default: {
      const before = position > 0 && tableHas(table, word, codePointAt(text, startBefore(text, position)));
      const after = position < length && tableHas(table, word, codePointAt(text, position));
      return (before !== after) === (kind === WORD_BOUNDARY);
    }
  }
}

/**
 * Finds matches with the priorities of a backtracking engine in time that grows with program × text.
 *
 * The quick search backtracks without memory and counts its steps: splits, units of runs, and choices taken back,
 * whether or not the attempt succeeds. After too many steps the slow search continues at the same position. There each
 * split fails at most once per position, because without captures two visits differ only in their position.
 */
export class Matcher {
  readonly #quick: Program;
  readonly #quickTable: SetTable;
  readonly #first: Uint32Array;
  readonly #entries: Int32Array;
  readonly #slow: Program;
  #slowTable: SetTable | undefined;
  readonly #stepsAUnit: number;
  #text = '';
  #stack: Int32Array = new Int32Array(384);
  #top = 0;
  #steps = 0;
  #memo: FailureMemo | undefined;

  /** @param stepsAUnit - steps per unit of the quick search; 0 starts with the slow search */
  constructor(quick: Program, slow: Program, stepsAUnit: number = STEPS_A_UNIT) {
    this.#stepsAUnit = stepsAUnit;
    this.#quick = quick;
    this.#quickTable = tableOf(quick.sets);
    this.#first = firstCharacters(quick, this.#quickTable);
    this.#entries = entriesOf(quick, this.#first);
    this.#slow = slow;
  }

  /** Sets the text of the next searches. */
  begin(text: string): void {
    this.#text = text;
    this.#memo = undefined;
    this.#steps = this.#stepsAUnit * (text.length + UNITS_MORE);
  }

  /** Releases the text. */
  end(): void {
    this.#text = '';
    this.#memo = undefined;
  }

  /**
   * Writes start and end of the first match that starts at `from` or later to `into`.
   *
   * Searches in one text must go forward: each `from` is at least the end of the match before.
   */
  search(from: number, into: Int32Array): boolean {
    const text = this.#text;
    const { length } = text;
    const entries = this.#entries;
    for (let start = from; start <= length; start = endAfter(text, start)) {
      const unit = start < length ? text.charCodeAt(start) : 128;
      const entry = unit < 128 ? entries[unit]! : this.#quick.start;
      if (entry < 0) continue;
      let end = NO_MATCH;
      if (this.#memo === undefined) {
        this.#top = 0;
        end = this.#runQuick(entry, start);
        if (end === OUT_OF_STEPS) {
          this.#memo = new FailureMemo(this.#slow.splits);
          this.#slowTable ??= tableOf(this.#slow.sets);
        }
      }
      if (this.#memo !== undefined) {
        this.#top = 0;
        end = this.#runSlow(this.#slow.start, start, this.#memo, undefined);
        // The matched path has not failed. Only its splits at the end can be met again.
        if (end >= 0) this.#memo.forget(end, this.#slow.ownSplits);
      }
      if (end >= 0) {
        into[0] = start;
        into[1] = end;
        return true;
      }
    }
    return false;
  }

  #push(instruction: number, position: number, third: number): void {
    if (this.#top + 3 > this.#stack.length) {
      const larger = new Int32Array(this.#stack.length * 2);
      larger.set(this.#stack);
      this.#stack = larger;
    }
    this.#stack[this.#top++] = instruction;
    this.#stack[this.#top++] = position;
    this.#stack[this.#top++] = third;
  }

  /** Bounded by the steps of the whole text. Bodies nest no deeper than the pattern does. */
  #runQuick(entry: number, start: number): number {
    const text = this.#text;
    const { length } = text;
    const { operation, next, x, y, z } = this.#quick;
    const table = this.#quickTable;
    const { bits } = table;
    const first = this.#first;
    const base = this.#top;
    let instruction = entry;
    let position = start;
    // In a register: the field is only current where another run needs it.
    let steps = this.#steps;
    for (;;) {
      let failed = false;
      switch (operation[instruction]) {
        case ACCEPT:
          this.#top = base;
          this.#steps = steps;
          return steps < 0 ? OUT_OF_STEPS : position;
        case UNIT:
          if (position < length && text.charCodeAt(position) === x[instruction]) position++;
          else failed = true;
          break;
        case SET: {
          if (position >= length) {
            failed = true;
            break;
          }
          const unit = text.charCodeAt(position);
          const set = x[instruction]!;
          if ((unit & 0xf800) !== 0xd800) {
            if (((bits[(set << 11) + (unit >>> 5)]! >>> (unit & 31)) & 1) === 1) position++;
            else failed = true;
          } else if (tableHas(table, set, codePointAt(text, position))) {
            position = endAfter(text, position);
          } else {
            failed = true;
          }
          break;
        }
        case SPLIT: {
          // Every loop passes here, or is a run.
          steps--;
          const unit = position < length ? text.charCodeAt(position) : 128;
          const one = next[instruction]!;
          const other = x[instruction]!;
          if (unit < 128) {
            const word = unit >>> 5;
            if (((first[one * WORDS + word]! >>> (unit & 31)) & 1) === 0) {
              instruction = other;
              continue;
            }
            if (((first[other * WORDS + word]! >>> (unit & 31)) & 1) === 0) {
              instruction = one;
              continue;
            }
          }
          this.#push(other, position, -1);
          break;
        }
        case RUN:
        case POSSESSIVE_RUN: {
          const set = x[instruction]!;
          const least = y[instruction]!;
          const most = z[instruction]!;
          const from = position;
          let lowest = least === 0 ? position : -1;
          let count = 0;
          while (count < most && position < length) {
            const unit = text.charCodeAt(position);
            if ((unit & 0xf800) !== 0xd800) {
              if (((bits[(set << 11) + (unit >>> 5)]! >>> (unit & 31)) & 1) === 0) break;
              position++;
            } else {
              if (!tableHas(table, set, codePointAt(text, position))) break;
              position = endAfter(text, position);
            }
            if (++count === least) lowest = position;
          }
          steps -= position - from;
          if (lowest < 0) failed = true;
          else if (position > lowest && operation[instruction] === RUN) {
            this.#push(instruction, position, lowest);
          }
          break;
        }
        case ANCHOR:
          failed = !holds(x[instruction]!, y[instruction]!, text, position, table);
          break;
        case LOOK_AT_SET: {
          const found = position < length && tableHas(table, x[instruction]!, codePointAt(text, position));
          failed = found === (y[instruction] === 1);
          break;
        }
        case LOOK: {
          this.#steps = steps;
          const end = this.#runQuick(x[instruction]!, position);
          if (end === OUT_OF_STEPS) return OUT_OF_STEPS;
          steps = this.#steps;
          failed = end >= 0 === (y[instruction] === 1);
          break;
        }
        case ATOMIC: {
          this.#steps = steps;
          const end = this.#runQuick(x[instruction]!, position);
          if (end === OUT_OF_STEPS) return OUT_OF_STEPS;
          steps = this.#steps;
          if (end === position) {
            instruction = y[instruction]!;
            continue;
          }
          failed = end < 0;
          position = end;
          break;
        }
        default: {
          const end = this.#takeBackward(this.#quick, table, instruction, position);
          if (end < 0) failed = true;
          else position = end;
        }
      }
      if (!failed) {
        instruction = next[instruction]!;
        continue;
      }
      // Take back the latest choice. A run gives back one code point at a time and stays on the stack until its last.
      for (;;) {
        if (--steps < 0) return OUT_OF_STEPS;
        if (this.#top === base) {
          this.#steps = steps;
          return NO_MATCH;
        }
        const stack = this.#stack;
        const lowest = stack[this.#top - 1]!;
        instruction = stack[this.#top - 3]!;
        position = stack[this.#top - 2]!;
        if (lowest < 0) {
          this.#top -= 3;
          break;
        }
        position = startBefore(text, position);
        if (position <= lowest) this.#top -= 3;
        else stack[this.#top - 2] = position;
        instruction = next[instruction]!;
        const unit = text.charCodeAt(position);
        if (unit >= 128 || ((first[instruction * WORDS + (unit >>> 5)]! >>> (unit & 31)) & 1) === 1) break;
      }
    }
  }

  /** Returns the position after a backward step, or −1 if it fails. */
  #takeBackward({ operation, x }: Program, table: SetTable, instruction: number, position: number): number {
    if (position === 0) return NO_MATCH;
    const start = startBefore(this.#text, position);
    const codePoint = codePointAt(this.#text, start);
    const argument = x[instruction]!;
    const taken =
      operation[instruction] === BACKWARD_SET ? tableHas(table, argument, codePoint) : codePoint === argument;
    return taken ? start : NO_MATCH;
  }

  /**
   * Bounded by splits × positions, because a split that is met again at its position fails, or, in a body, ends
   * where it ended before.
   *
   * @param path - splits of a body that have not failed so far; they are remembered if the body matches
   */
  #runSlow(entry: number, start: number, memo: FailureMemo, path: number[] | undefined): number {
    const text = this.#text;
    const { length } = text;
    const { operation, next, x, y, splitOf } = this.#slow;
    const table = this.#slowTable!;
    const base = this.#top;
    let instruction = entry;
    let position = start;
    for (;;) {
      let failed = false;
      switch (operation[instruction]) {
        case ACCEPT:
          this.#top = base;
          if (path !== undefined) memo.rememberMatch(path, position);
          return position;
        case UNIT:
          if (position < length && text.charCodeAt(position) === x[instruction]) position++;
          else failed = true;
          break;
        case SET:
          if (position < length && tableHas(table, x[instruction]!, codePointAt(text, position))) {
            position = endAfter(text, position);
          } else {
            failed = true;
          }
          break;
        case SPLIT: {
          const split = splitOf[instruction]!;
          if (memo.visit(split, position)) {
            if (path !== undefined) path.push(memo.keyOf(split, position));
            this.#push(x[instruction]!, position, path === undefined ? 0 : path.length);
            break;
          }
          const end = path === undefined ? NO_MATCH : memo.matchFrom(split, position);
          if (end >= 0) {
            this.#top = base;
            memo.rememberMatch(path!, end);
            return end;
          }
          failed = true;
          break;
        }
        case ANCHOR:
          failed = !holds(x[instruction]!, y[instruction]!, text, position, table);
          break;
        case LOOK_AT_SET: {
          const found = position < length && tableHas(table, x[instruction]!, codePointAt(text, position));
          failed = found === (y[instruction] === 1);
          break;
        }
        case LOOK:
          failed = this.#runSlow(x[instruction]!, position, memo, []) >= 0 === (y[instruction] === 1);
          break;
        case ATOMIC: {
          const end = this.#runSlow(x[instruction]!, position, memo, []);
          if (end === position) {
            instruction = y[instruction]!;
            continue;
          }
          failed = end < 0;
          position = end;
          break;
        }
        default: {
          const end = this.#takeBackward(this.#slow, table, instruction, position);
          if (end < 0) failed = true;
          else position = end;
        }
      }
      if (!failed) {
        instruction = next[instruction]!;
        continue;
      }
      if (this.#top === base) return NO_MATCH;
      const stack = this.#stack;
      const kept = stack[--this.#top]!;
      if (path !== undefined) path.length = kept;
      position = stack[--this.#top]!;
      instruction = stack[--this.#top]!;
    }
  }
}
