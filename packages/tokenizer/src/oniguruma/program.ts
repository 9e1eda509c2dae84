import type { CodePointRanges } from '../unicode/code-point-set.js';
import { namedSet } from './character-property.js';
import type { PatternSource } from './pattern-source.js';
import {
  type AnchorKind,
  canBeEmpty,
  type LookNode,
  type RepeatNode,
  type SyntaxNode,
} from './syntax-tree.js';

/** Operations of instructions; each continues at `next` unless it fails. */
export const Operation = {
  /** The program, or the body that contains the instruction, has matched. */
  Accept: 0,
  /** Matches the UTF-16 unit `x`, which is no surrogate. */
  Unit: 1,
  /** Matches a code point of set `x`. */
  Set: 2,
  /** Continues at `next`, and if that fails, at `x`. */
  Split: 3,
  /** Matches between `y` and `z` code points of set `x`, as many as possible, and gives back one at a time. */
  Run: 4,
  /** Like `Run`, but gives nothing back. */
  PossessiveRun: 5,
  /** Succeeds where anchor `x` does; `y` is the set of word characters. */
  Anchor: 6,
  /** Succeeds where the body at `x` matches, or with `y` = 1 where it does not. */
  Look: 7,
  /** Succeeds before a code point of set `x`, or with `y` = 1 anywhere else. */
  LookAtSet: 8,
  /** Matches the body at `x` without backtracking into it; continues at `y` if the match is empty. */
  Atomic: 9,
  /** Matches the code point `x` backwards. */
  BackwardCodePoint: 10,
  /** Matches a code point of set `x` backwards. */
  BackwardSet: 11,
} as const;

export const ANCHOR_KINDS: readonly AnchorKind[] = [
  'line-start',
  'line-end',
  'text-start',
  'text-end',
  'text-end-or-last-newline',
  'word-boundary',
  'not-word-boundary',
];

/** Instruction `i` is `operation[i]`, `next[i]`, `x[i]`, `y[i]`, `z[i]`. */
export interface Program {
  readonly start: number;
  readonly operation: Int32Array;
  readonly next: Int32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly z: Int32Array;
  readonly sets: readonly CodePointRanges[];
  /** Split numbers from 0: first the program's own splits, then those of its look-arounds and atomic groups. */
  readonly splitOf: Int32Array;
  readonly splits: number;
  /** Number of the program's own splits. */
  readonly ownSplits: number;
}

/** Counted repeats are unrolled, so a short pattern can need far more instructions than it has letters. */
const MOST_INSTRUCTIONS = 4000;
const ENDLESS = 0x7fffffff;

/**
 * @param fused - whether repeats of one set become one instruction. Without it every backtracking point is a split,
 * which the failure memo needs.
 */
export function compileProgram(root: SyntaxNode, fused: boolean, source: PatternSource): Program {
  return new Compiler(fused, source).compile(root);
}

/** The body of a look-around or an atomic group, emitted after the program that uses it. */
interface Body {
  readonly backward: boolean;
  readonly users: number[];
  entry: number;
}

class Compiler {
  readonly #fused: boolean;
  readonly #source: PatternSource;
  readonly #operation: number[] = [];
  readonly #next: number[] = [];
  readonly #x: number[] = [];
  readonly #y: number[] = [];
  readonly #z: number[] = [];
  readonly #sets: CodePointRanges[] = [];
  readonly #setNumbers = new Map<string, number>();
  readonly #bodies = new Map<SyntaxNode, Body>();
  #backward = false;

  constructor(fused: boolean, source: PatternSource) {
    this.#fused = fused;
    this.#source = source;
  }

  compile(root: SyntaxNode): Program {
    const accept = this.#add(Operation.Accept, -1);
    const start = this.#emit(root, accept, accept);
    const ownInstructions = this.#operation.length;
    // Bodies found meanwhile are added to the map and reached by the same loop.
    for (const [node, body] of this.#bodies) {
      this.#backward = body.backward;
      body.entry = this.#emit(node, accept, accept);
      for (const user of body.users) this.#x[user] = body.entry;
    }
    const operation = Int32Array.from(this.#operation);
    const splitOf = new Int32Array(operation.length);
    let splits = 0;
    let ownSplits = 0;
    for (let i = 0; i < operation.length; i++) {
      if (i === ownInstructions) ownSplits = splits;
      if (operation[i] === Operation.Split) splitOf[i] = splits++;
    }
    if (ownInstructions === operation.length) ownSplits = splits;
    return {
      start,
      operation,
      next: Int32Array.from(this.#next),
      x: Int32Array.from(this.#x),
      y: Int32Array.from(this.#y),
      z: Int32Array.from(this.#z),
      sets: this.#sets,
      splitOf,
      splits,
      ownSplits,
    };
  }

  #add(operation: number, next: number, x = 0, y = 0, z = 0): number {
    if (this.#operation.length >= MOST_INSTRUCTIONS) {
      throw this.#source.unsupported(
        '{n,m}',
        `its unrolled repeats need more than ${MOST_INSTRUCTIONS} steps`,
      );
    }
    this.#next.push(next);
    this.#x.push(x);
    this.#y.push(y);
    this.#z.push(z);
    return this.#operation.push(operation) - 1;
  }

  #setNumber(ranges: CodePointRanges): number {
    const key = ranges.join();
    let number = this.#setNumbers.get(key);
    if (number === undefined) {
      number = this.#sets.push(ranges) - 1;
      this.#setNumbers.set(key, number);
    }
    return number;
  }

  #split(first: number, second: number, greedy = true): number {
    return greedy ? this.#add(Operation.Split, first, second) : this.#add(Operation.Split, second, first);
  }

  /**
   * Emits backwards, so that the following instruction is known.
   *
   * @param empty - where to continue if the node matched nothing
   * @param taken - where to continue if it matched something. The two differ only inside a repeat whose body can be
   * empty: as in Oniguruma, such a repeat ends with its first empty round.
   * @returns the first instruction
   */
  #emit(node: SyntaxNode, empty: number, taken: number): number {
    switch (node.type) {
      case 'text':
        return this.#emitText(node.codePoints, empty, taken);
      case 'set':
        return this.#emitSet(node.ranges, taken);
      case 'sequence':
        return this.#emitSequence(node.items, empty, taken);
      case 'choice': {
        let entry = this.#emit(node.branches.at(-1)!, empty, taken);
        for (let i = node.branches.length - 2; i >= 0; i--) {
          entry = this.#split(this.#emit(node.branches[i]!, empty, taken), entry);
        }
        return entry;
      }
      case 'group':
        return this.#emit(node.body, empty, taken);
      case 'repeat':
        return this.#emitRepeat(node, empty, taken);
      case 'atomic':
        return this.#emitAtomic(node.body, empty, taken);
      case 'look':
        return this.#emitLook(node, empty);
      case 'anchor': {
        const word = node.kind.endsWith('word-boundary') ? this.#setNumber(namedSet('loneword')) : 0;
        return this.#add(Operation.Anchor, empty, ANCHOR_KINDS.indexOf(node.kind), word);
      }
    }
  }

  #emitText(codePoints: readonly number[], empty: number, taken: number): number {
    if (codePoints.length === 0) return empty;
    const ordered = this.#backward ? codePoints : [...codePoints].reverse();
    let entry = taken;
    for (const codePoint of ordered) {
      if (this.#backward) {
        entry = this.#add(Operation.BackwardCodePoint, entry, codePoint);
      } else if (codePoint > 0xffff) {
        const high = 0xd800 + ((codePoint - 0x10000) >> 10);
        const low = 0xdc00 + ((codePoint - 0x10000) & 0x3ff);
        entry = this.#add(Operation.Unit, this.#add(Operation.Unit, entry, low), high);
      } else if (codePoint === 0xfffd) {
        // A lone surrogate in the text also counts as this code point, so comparing units is not enough.
        entry = this.#emitSet(Uint32Array.of(codePoint, codePoint + 1), entry);
      } else {
        entry = this.#add(Operation.Unit, entry, codePoint);
      }
    }
    return entry;
  }

  #emitSet(ranges: CodePointRanges, next: number): number {
    const operation = this.#backward ? Operation.BackwardSet : Operation.Set;
    return this.#add(operation, next, this.#setNumber(ranges));
  }

  #emitSequence(items: readonly SyntaxNode[], empty: number, taken: number): number {
    const ordered = this.#backward ? [...items].reverse() : items;
    // The first item that always matches something; all items before it may match nothing.
    let firstTaking = ordered.findIndex((item) => !canBeEmpty(item));
    if (firstTaking < 0) firstTaking = ordered.length;
    let afterEmpty = empty;
    let afterTaken = taken;
    for (let i = ordered.length - 1; i >= 0; i--) {
      const item = ordered[i]!;
      const sameAfter = afterEmpty === afterTaken;
      const whenTaken = this.#emit(item, afterTaken, afterTaken);
      const needsEmpty = i <= firstTaking && !sameAfter && canBeEmpty(item);
      afterEmpty = needsEmpty ? this.#emit(item, afterEmpty, afterTaken) : whenTaken;
      afterTaken = whenTaken;
    }
    return afterEmpty;
  }

  #emitRepeat(node: RepeatNode, empty: number, taken: number): number {
    const { body, lower, upper, greedy } = node;
    if (upper === 0) return empty;
    if (canBeEmpty(body)) return this.#emitRepeatOfEmpty(node, empty, taken);
    if (this.#fused && !this.#backward && greedy && body.type === 'set') {
      const most = Math.min(upper, ENDLESS);
      const set = this.#setNumber(body.ranges);
      if (lower > 0 || empty === taken) return this.#add(Operation.Run, taken, set, lower, most);
      return this.#split(this.#add(Operation.Run, taken, set, 1, most), empty);
    }
    if (upper === Number.POSITIVE_INFINITY) return this.#emitEndless(node, empty, taken);
    // The optional rounds, last one first; leaving before the first round is the only way to match nothing.
    let entry = taken;
    for (let round = upper; round > lower; round--) {
      const leave = round === 1 ? empty : taken;
      entry = this.#split(this.#emit(body, entry, entry), leave, greedy);
    }
    for (let round = 0; round < lower; round++) entry = this.#emit(body, entry, entry);
    return entry;
  }

  #emitEndless({ body, lower, greedy }: RepeatNode, empty: number, taken: number): number {
    // The body is emitted before the split that it returns to is complete.
    const loop = this.#add(Operation.Split, -1, -1);
    const round = this.#emit(body, loop, loop);
    this.#next[loop] = greedy ? round : taken;
    this.#x[loop] = greedy ? taken : round;
    if (lower === 0) return empty === taken ? loop : this.#split(round, empty, greedy);
    let entry = round;
    for (let count = 1; count < lower; count++) entry = this.#emit(body, entry, entry);
    return entry;
  }

  #emitRepeatOfEmpty({ body, lower, upper, greedy }: RepeatNode, empty: number, taken: number): number {
    if (upper === 1) {
      const once = this.#emit(body, empty, taken);
      return lower === 1 ? once : this.#split(once, empty, greedy);
    }
    if (lower > 1 || upper !== Number.POSITIVE_INFINITY) {
      throw this.#source.unsupported(
        '{n,m}',
        'counted repeats of a part that can match nothing are not supported',
      );
    }
    const loop = this.#add(Operation.Split, -1, -1);
    const laterRound = this.#emit(body, taken, loop);
    this.#next[loop] = greedy ? laterRound : taken;
    this.#x[loop] = greedy ? taken : laterRound;
    const firstRound = empty === taken ? laterRound : this.#emit(body, empty, loop);
    if (lower === 1) return firstRound;
    return empty === taken ? loop : this.#split(firstRound, empty, greedy);
  }

  #emitAtomic(body: SyntaxNode, empty: number, taken: number): number {
    const inner = body.type === 'group' ? body.body : body;
    if (this.#fused && inner.type === 'repeat' && inner.body.type === 'set' && inner.greedy) {
      if (inner.lower > 0 || empty === taken) {
        const most = Math.min(inner.upper, ENDLESS);
        const set = this.#setNumber(inner.body.ranges);
        return this.#add(Operation.PossessiveRun, taken, set, inner.lower, most);
      }
    }
    return this.#useBody(this.#add(Operation.Atomic, taken, -1, empty), body, false);
  }

  #emitLook({ behind, negative, body }: LookNode, next: number): number {
    const no = negative ? 1 : 0;
    if (!behind && body.type === 'set')
      return this.#add(Operation.LookAtSet, next, this.#setNumber(body.ranges), no);
    return this.#useBody(this.#add(Operation.Look, next, -1, no), body, behind);
  }

  #useBody(user: number, body: SyntaxNode, backward: boolean): number {
    const known = this.#bodies.get(body);
    if (known === undefined) this.#bodies.set(body, { backward, users: [user], entry: -1 });
    else if (known.entry < 0) known.users.push(user);
    else this.#x[user] = known.entry;
    return user;
  }
}
