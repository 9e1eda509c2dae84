import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Pattern } from '../pattern.js';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { resolveCase } from './case-folding.js';
import { Matcher } from './matcher.js';
import { compileOnigurumaPattern, OnigurumaPattern } from './oniguruma-pattern.js';
import { parsePattern } from './parser.js';
import { PatternSource } from './pattern-source.js';
import { compileProgram } from './program.js';

/** Written by scripts/oniguruma-fixtures.py from the reference: `[start, end, 1 if matched]` of each piece. */
type Pieces = readonly (readonly [number, number, number])[];
/** `null` for a pattern that the reference refuses. */
type Sample = readonly [text: string, pieces: Pieces | 'panic' | null];

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The pieces into which matches split a text; an empty match splits and adds no piece. */
function piecesOf(matches: readonly number[], length: number): Pieces {
  const pieces: [number, number, number][] = [];
  let last = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const [start, end] = [matches[i]!, matches[i + 1]!];
    if (start > last) pieces.push([last, start, 0]);
    if (end > start) pieces.push([start, end, 1]);
    last = end;
  }
  if (last < length) pieces.push([last, length, 0]);
  return pieces;
}

function matchesOf(source: string, text: string): string[] {
  const found = compileOnigurumaPattern(source, '$').findAll(text);
  const matches: string[] = [];
  for (let i = 0; i < found.length; i += 2) matches.push(text.slice(found[i], found[i + 1]));
  return matches;
}

const published = fixture<{
  readonly texts: readonly string[];
  readonly patterns: readonly (readonly [name: string, source: string, pieces: readonly Pieces[]])[];
}>('published-patterns');

describe('the patterns of published models', () => {
  it.each(published.patterns)('find the same matches as the reference: %s', (_name, source, expected) => {
    const pattern = compileOnigurumaPattern(source, '$');
    const found = published.texts.map((text) => piecesOf(pattern.findAll(text), text.length));
    expect(found).toEqual(expected);
  });
});

/** The pattern, using the slow search from its first step. */
function compileSlowPattern(text: string): Pattern {
  const source = new PatternSource(text, '$');
  const root = resolveCase(parsePattern(source), false);
  return new OnigurumaPattern(
    new Matcher(compileProgram(root, true, source), compileProgram(root, false, source), 0),
  );
}

describe('random patterns', () => {
  const file = process.env.ONIGURUMA_CASES;
  const cases: readonly (readonly [source: string, samples: readonly Sample[]])[] =
    file === undefined ? fixture('random-patterns') : JSON.parse(readFileSync(file, 'utf8'));

  it('find the same matches as the reference, or are refused', () => {
    const counts = { compared: 0, refused: 0, unsupported: 0 };
    for (const [source, samples] of cases) {
      const refused = samples.every(([, pieces]) => pieces === null);
      let pattern: Pattern;
      try {
        pattern = compileOnigurumaPattern(source, '$');
      } catch (error) {
        if (error instanceof UnsupportedTokenizerError) {
          counts.unsupported++;
          continue;
        }
        expect(error, source).toBeInstanceOf(MalformedTokenizerError);
        expect(refused, `only this package refuses ${JSON.stringify(source)}`).toBe(true);
        counts.refused++;
        continue;
      }
      expect(refused, `only the reference refuses ${JSON.stringify(source)}`).toBe(false);
      const slow = compileSlowPattern(source);
      for (const [text, pieces] of samples) {
        // The reference gives up after ten million steps.
        if (pieces === 'panic') continue;
        counts.compared++;
        const found = [pattern, slow].map((each) => piecesOf(each.findAll(text), text.length));
        expect({ source, text, found }).toEqual({ source, text, found: [pieces, pieces] });
      }
    }
    if (file !== undefined) process.stdout.write(`${JSON.stringify(counts)}\n`);
    expect(counts.compared).toBeGreaterThan(400);
  }, 600_000);
});

describe('sets of characters', () => {
  const codePoints: number[] = [];
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    if (codePoint < 0xd800 || codePoint > 0xdfff) codePoints.push(codePoint);
  }
  const chunks: string[] = [];
  for (let i = 0; i < codePoints.length; i += 8192) {
    chunks.push(String.fromCodePoint(...codePoints.slice(i, i + 8192)));
  }
  const everyCharacter = chunks.join('');

  const expected = Object.entries(fixture<Readonly<Record<string, string>>>('set-digests'));

  function digestOf(ranges: ArrayLike<number>, indexOf: (border: number) => number): string {
    const members = Buffer.alloc(codePoints.length);
    for (let i = 0; i < ranges.length; i += 2) {
      members.fill(1, indexOf(ranges[i]!), indexOf(ranges[i + 1]!));
    }
    return createHash('sha256').update(members).digest('hex').slice(0, 16);
  }

  it.each(expected)('contain the same code points as in the reference: %s', (source, digest) => {
    const node = resolveCase(parsePattern(new PatternSource(source, '$')), false);
    // A set in any case comes first, before the sequences that some of its characters fold to.
    const set = node.type === 'choice' ? node.branches[0]! : node;
    if (set.type !== 'set') throw new TypeError(`${source} is no set`);
    const found = digestOf(set.ranges, (border) =>
      border <= 0xd800 ? border : Math.max(border - 0x800, 0xd800),
    );
    expect(found).toBe(digest);
  });

  it.each(expected.filter(([source]) => ['\\p{L}', '\\w', '\\S', '\\p{Cn}', '(?i:[^a-z])'].includes(source)))(
    'match the same code points as in the reference: %s',
    (source, digest) => {
      const matches = compileOnigurumaPattern(`(?:${source})+`, '$').findAll(everyCharacter);
      const firstPlane = 0x10000 - 0x800;
      const found = digestOf(matches, (unit) =>
        unit <= firstPlane ? unit : firstPlane + (unit - firstPlane) / 2,
      );
      expect(found).toBe(digest);
    },
  );

  it('distinguish \\w outside a bracket from \\w inside one, like Oniguruma', () => {
    expect(matchesOf('\\w', 'a²')).toEqual(['a', '²']);
    expect(matchesOf('[\\w]', 'a²')).toEqual(['a']);
  });
});

describe('ignoring case', () => {
  it('folds the long s and the Kelvin sign', () => {
    expect(matchesOf("(?i:'s|'k)", "'S 'ſ 'K")).toEqual(["'S", "'ſ", "'K"]);
  });

  it('combines characters from the left to what one character folds to', () => {
    expect(matchesOf('(?i:sss)', 'ßs sß')).toEqual(['ßs']);
    expect(matchesOf('(?i:ß)', 'ß ẞ ss Ss')).toEqual(['ß', 'ẞ', 'ss', 'Ss']);
  });
});

describe('texts', () => {
  it('count a lone surrogate as U+FFFD', () => {
    expect(matchesOf('\\x{fffd}', 'a\ud800b\udc00')).toHaveLength(2);
    expect(matchesOf('[\\x{10000}-\\x{10ffff}]', '\ud800\ud800\udc00\udc00')).toEqual(['\ud800\udc00']);
  });

  it('find nothing in an empty text', () => {
    expect(compileOnigurumaPattern('a*', '$').findAll('')).toEqual([]);
  });

  it('skip an empty match right after a match', () => {
    expect(compileOnigurumaPattern('a*', '$').findAll('aab')).toEqual([0, 2, 3, 3]);
  });
});

describe('refusals', () => {
  it.each([
    ['(a)\\1', '\\1'],
    ['(?<n>a)\\k<n>', '\\k'],
    ['(?<n>a)\\g<n>', '\\g'],
    ['\\Ga', '\\G'],
    ['a\\Kb', '\\K'],
    ['\\X', '\\X'],
    ['\\y', '\\y'],
    ['(?~a)', '(?~'],
    ['(?(1)a)', '(?('],
    ['(?{a})', '(?{'],
    ['(*FAIL)', '(*'],
    ['(?W)\\w', '(?W'],
    ['\\p{Emoji}', '\\p{Emoji}'],
    ['\\xE3\\x81\\x82', '\\xE3'],
    ['\\x{41 42}', '\\x{… …}'],
    ['\\cA', '\\c'],
    ['(?<=a++)b', '(?<=(?>'],
    ['(?<!\\bx*)a', '(?<=\\b'],
    ['(?<=\\b(?:|x))a', '(?<=\\b'],
    ['(?:a?){2,3}', '{n,m}'],
    ['(?:abc){5000}', '{n,m}'],
    ['('.repeat(300) + ')'.repeat(300), '(…('],
    ['['.repeat(300) + ']'.repeat(300), '[…['],
  ])('name the unsupported construct: %s', (source, construct) => {
    const compile = (): unknown => compileOnigurumaPattern(source, '$.pre_tokenizer.pattern');
    expect(compile).toThrow(UnsupportedTokenizerError);
    expect(compile).toThrow(
      expect.objectContaining({ path: '$.pre_tokenizer.pattern', componentType: construct }),
    );
  });

  it.each([
    '(a',
    'a)',
    '*a',
    'a|*',
    '^*',
    '(?=a)+',
    '[a',
    '[]',
    '[b-a]',
    '[\\d-z]',
    '[a-\\d]',
    '[[:foo:]]',
    '\\',
    '\\u12',
    '\\x{110000}',
    '\\x{d800}',
    '\\p{L',
    '(?s)a',
    '(?P<n>a)',
    '(?)',
    '(?#',
    '(?<1>a)',
    'a{100001}',
    '(?<=a\\z)',
    '(?<!(a))',
    '(?<=(?=a))',
    '(?<!a*b*)',
  ])('report an invalid expression, like the reference: %s', (source) => {
    expect(() => compileOnigurumaPattern(source, '$')).toThrow(MalformedTokenizerError);
  });
});

describe('time', () => {
  /** Processor time, because the process may have to wait. */
  function millisecondsOf(source: string, text: string): number {
    const pattern = compileOnigurumaPattern(source, '$');
    const start = process.cpuUsage();
    pattern.findAll(text);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }

  it.each([
    ['\\s+$', ' ', 'x'],
    ['(a+)+b', 'a', ''],
    ['\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+', ' ', 'x'],
    ['(?:a|b)*c', 'ab', ''],
    ['(?:ab|a|b)*c', 'ab', ''],
    ['(?=(?:aa|a)*c)d', 'a', 'c'],
    ['(?:ab)*c', 'ab', ''],
    // Bodies that succeed at every position.
    ['(?=(?:ab)*)a', 'ab', ''],
    ['(?=(?:ab)*)[ab]', 'ab', ''],
    ['(?=(?=(?:ab)*)(?:ab)*)a', 'ab', ''],
    ['(?=a*b?)a', 'a', ''],
    ['(?!(?:ab)*c)a', 'ab', ''],
    ['(?>(?:ab)+)c|.', 'ab', ''],
    ['(?:ab)++c|.', 'ab', ''],
    ['(?<=(?:ba)*)a', 'ab', ''],
    ['(?>a*)b', 'a', ''],
    ['(?>(?:a|ab)*)c', 'ab', ''],
    ['(?<=b(?:a|aa)*)c', 'ac', ''],
    ['\\d{1,3}(?=(?:\\d{3})*\\b)', '1', ''],
  ])(
    'grows no faster than the text: %s',
    (source, unit, end) => {
      const short = unit.repeat(60_000 / unit.length) + end;
      const long = unit.repeat(240_000 / unit.length) + end;
      // Four times the text; quadratic time would be sixteen times as much.
      expect(millisecondsOf(source, long)).toBeLessThan(9 * millisecondsOf(source, short) + 500);
    },
    60_000,
  );
});
