import type { CodePointRanges } from '../unicode/code-point-set.js';
import { namedSet, posixBracketSet } from './character-property.js';
import { readEscape } from './escape.js';
import { code, isSurrogate, type PatternSource } from './pattern-source.js';
import { complementOf, includes, intersectionOf, NO_CODE_POINT, unionOf } from './range-algebra.js';

const DEEPEST = 100;

/** A bracketed set before its negation, because ignoring case applies to its inside. */
export interface Bracket {
  readonly ranges: CodePointRanges;
  readonly negated: boolean;
}

type Token =
  | { readonly type: 'value'; readonly codePoint: number; readonly numeric: boolean }
  | { readonly type: 'set'; readonly ranges: CodePointRanges }
  | { readonly type: 'dash' | 'open' | 'close' | 'and' };

/** Position of the reader: at the start, after a value, after `x-`, or after a range. */
type State = 'start' | 'value' | 'range' | 'complete';

/** Reads a bracketed set after its opening bracket. */
export function readBracket(source: PatternSource, depth = 0): Bracket {
  if (depth > DEEPEST) throw source.unsupported('[…[', `brackets nest deeper than ${DEEPEST}`);
  return new BracketReader(source, depth).read();
}

class BracketReader {
  readonly #source: PatternSource;
  readonly #depth: number;
  #ranges: CodePointRanges = NO_CODE_POINT;
  #state: State = 'start';
  /** The last value, which a dash can still turn into a range; `undefined` after a set. */
  #value: number | undefined;

  constructor(source: PatternSource, depth: number) {
    this.#source = source;
    this.#depth = depth;
  }

  read(): Bracket {
    const source = this.#source;
    const negated = source.takeIf('^');
    let intersection: CodePointRanges | undefined;
    let token = this.#next();
    if (token.type === 'close') {
      // A closing bracket at the start is a literal if another follows.
      if (source.codePoints.indexOf(code(']'), source.position) < 0) throw source.malformed('[] is empty');
      token = { type: 'value', codePoint: code(']'), numeric: false };
    }
    while (token.type !== 'close') {
      switch (token.type) {
        case 'value':
          this.#addValue(token.codePoint, token.numeric);
          break;
        case 'set':
          if (this.#state === 'range') throw source.malformed('a range in […] ends in a set');
          this.#flush();
          this.#add(token.ranges);
          this.#state = 'value';
          break;
        case 'open': {
          this.#flush();
          this.#state = 'complete';
          const { ranges, negated: inverted } = readBracket(source, this.#depth + 1);
          this.#add(inverted ? complementOf(ranges) : ranges);
          break;
        }
        case 'and':
          this.#flush();
          intersection =
            intersection === undefined ? this.#ranges : intersectionOf(intersection, this.#ranges);
          this.#ranges = NO_CODE_POINT;
          this.#state = 'start';
          break;
        case 'dash': {
          const following = this.#readDash();
          if (following !== undefined) {
            token = following;
            continue;
          }
        }
      }
      token = this.#next();
    }
    this.#flush();
    const ranges = intersection === undefined ? this.#ranges : intersectionOf(intersection, this.#ranges);
    return { ranges, negated };
  }

  /** Reads a dash by its context, and returns the token after it if it had to be read. */
  #readDash(): Token | undefined {
    const dash = code('-');
    if (this.#state === 'range') {
      this.#addValue(dash, false);
      return undefined;
    }
    const following = this.#next();
    if (this.#state === 'value' && following.type !== 'close' && following.type !== 'and') {
      if (this.#value === undefined) throw this.#source.malformed('a range in […] starts with a set');
      this.#state = 'range';
      return following;
    }
    this.#addValue(dash, false);
    return following;
  }

  #add(ranges: CodePointRanges): void {
    this.#ranges = unionOf(this.#ranges, ranges);
  }

  /** Adds the value that a dash could have turned into a range. */
  #flush(): void {
    if (this.#state === 'value' && this.#value !== undefined) {
      this.#add(Uint32Array.of(this.#value, this.#value + 1));
    }
    this.#value = undefined;
  }

  #addValue(codePoint: number, numeric: boolean): void {
    const source = this.#source;
    const valid = codePoint <= 0x10ffff && !isSurrogate(codePoint);
    if (!valid && !(numeric && this.#state === 'range')) {
      throw source.malformed(`U+${codePoint.toString(16).toUpperCase()} is not a character`);
    }
    if (this.#state === 'range') {
      const start = this.#value!;
      if (start > codePoint) throw source.malformed('a range in […] ends before it starts');
      this.#add(Uint32Array.of(start, Math.min(codePoint, 0x10ffff) + 1));
      this.#value = undefined;
      this.#state = 'complete';
    } else {
      this.#flush();
      this.#value = codePoint;
      this.#state = 'value';
    }
  }

  #next(): Token {
    const source = this.#source;
    if (source.atEnd) throw source.malformed('[ is not closed');
    const taken = source.take();
    switch (taken) {
      case code(']'):
        return { type: 'close' };
      case code('-'):
        return { type: 'dash' };
      case code('&'):
        return source.takeIf('&') ? { type: 'and' } : { type: 'value', codePoint: taken, numeric: false };
      case code('['):
        return this.#atPosixBracket() ? this.#readPosixBracket() : { type: 'open' };
      case code('\\'): {
        const escaped = readEscape(source, true);
        if (escaped.type === 'set') return escaped;
        return { type: 'value', codePoint: escaped.codePoint, numeric: escaped.type === 'code-point' };
      }
      default:
        return { type: 'value', codePoint: taken, numeric: false };
    }
  }

  /** Whether `:letters:]` follows; otherwise the bracket opens a nested set. */
  #atPosixBracket(): boolean {
    const source = this.#source;
    if (source.peek() !== code(':')) return false;
    for (let ahead = 1; ; ahead++) {
      const codePoint = source.peek(ahead);
      if (codePoint === code(':')) return ahead > 1 && source.peek(ahead + 1) === code(']');
      if (codePoint === code('^') && ahead === 1) continue;
      if (codePoint < 0 || !includes(namedSet('alpha'), codePoint)) return false;
    }
  }

  #readPosixBracket(): Token {
    const source = this.#source;
    source.position++;
    const negated = source.takeIf('^');
    const name = source.takeUntil(':') ?? '';
    source.position++;
    const ranges = posixBracketSet(name);
    if (ranges === undefined) throw source.malformed(`[:${name}:] is not a known set`);
    return { type: 'set', ranges: negated ? complementOf(ranges) : ranges };
  }
}
