import type { CodePointRanges } from '../unicode/code-point-set.js';
import { namedSet, propertySet } from './character-property.js';
import { code, type PatternSource } from './pattern-source.js';
import { complementOf } from './range-algebra.js';

/** Meaning of an escape in any context: one code point, or a set. */
export type Escape =
  | { readonly type: 'code-point'; readonly codePoint: number }
  /** A literal character, which joins its neighbours. */
  | { readonly type: 'literal'; readonly codePoint: number }
  | { readonly type: 'set'; readonly ranges: CodePointRanges };

const CONTROLS: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, a: 7, b: 8, e: 27, v: 11 };
const MOST_DIGITS = 8;

function codePoint(value: number): Escape {
  return { type: 'code-point', codePoint: value };
}

/** Reads the set of `\p{…}` after its brace: name and negation. */
function readProperty(source: PatternSource, negated: boolean, insideBracket: boolean): Escape {
  if (source.takeIf('^')) negated = !negated;
  const start = source.position;
  const name = source.takeUntil('}');
  if (name === undefined || /[(){|]/.test(name)) {
    source.position = start;
    throw source.malformed('the name of \\p{…} is not closed');
  }
  const word = name.replace(/[ _-]/g, '').toLowerCase() === 'word';
  const ranges = word && !insideBracket ? namedSet('loneword') : propertySet(name);
  if (ranges === undefined) throw source.unsupported(`\\p{${name}}`, 'there is no table for this property');
  return { type: 'set', ranges: negated ? complementOf(ranges) : ranges };
}

/** Reads one value in braces: `\x{1F600}`. `undefined` if no digit follows the brace. */
function readBraced(source: PatternSource, base: 8 | 16): number | undefined {
  const start = source.position;
  source.position++;
  const value = source.takeNumber(base, base === 16 ? MOST_DIGITS : 11);
  if (value < 0) {
    source.position = start;
    return undefined;
  }
  if (source.takeIf('}')) return value;
  if (source.peek() === code(' ') || source.peek() === code('\n') || source.peek() === code('-')) {
    throw source.unsupported('\\x{… …}', 'several values in one pair of braces are not supported');
  }
  throw source.malformed('the value in braces is not closed');
}

/** Reads a byte, which is a character if it is ASCII. */
function byte(source: PatternSource, value: number, written: string): Escape {
  if (value > 0xff) throw source.malformed(`${written} is more than one byte`);
  if (value > 0x7f) throw source.unsupported(written, 'bytes of longer characters are not supported');
  return codePoint(value);
}

/** Reads an escape after its backslash. */
export function readEscape(source: PatternSource, insideBracket: boolean): Escape {
  if (source.atEnd) throw source.malformed('it ends in a backslash');
  const taken = source.take();
  const letter = String.fromCodePoint(taken);
  switch (letter) {
    case 'd':
    case 'D':
    case 's':
    case 'S':
    case 'w':
    case 'W':
    case 'h':
    case 'H': {
      const kind = letter.toLowerCase();
      const name = kind === 'd' ? 'digit' : kind === 's' ? 'space' : kind === 'h' ? 'xdigit' : undefined;
      const ranges = namedSet(name ?? (insideBracket ? 'word' : 'loneword'));
      return { type: 'set', ranges: letter === kind ? ranges : complementOf(ranges) };
    }
    case 'p':
    case 'P':
      if (source.takeIf('{')) return readProperty(source, letter === 'P', insideBracket);
      break;
    case 'x': {
      if (source.atEnd) break;
      if (source.peek() === code('{')) {
        const value = readBraced(source, 16);
        return value === undefined ? { type: 'literal', codePoint: taken } : codePoint(value);
      }
      const value = Math.max(source.takeNumber(16, 2), 0);
      return byte(source, value, `\\x${value.toString(16).toUpperCase()}`);
    }
    case 'o':
      if (source.peek() === code('{')) {
        const value = readBraced(source, 8);
        if (value !== undefined) return codePoint(value);
      }
      break;
    case 'u': {
      if (source.atEnd) break;
      const start = source.position;
      const value = source.takeNumber(16, 4);
      if (source.position - start < 4) throw source.malformed('\\u needs four hexadecimal digits');
      return codePoint(value);
    }
    case 'c':
    case 'C':
    case 'M':
      throw source.unsupported(`\\${letter}`, 'control and meta characters are not supported');
    default:
      if (taken >= 0x30 && taken <= 0x37) {
        source.position--;
        const value = source.takeNumber(8, 3);
        return byte(source, value, `\\${value.toString(8)}`);
      }
  }
  const control = CONTROLS[letter];
  return control === undefined || !Object.hasOwn(CONTROLS, letter)
    ? { type: 'literal', codePoint: taken }
    : codePoint(control);
}
