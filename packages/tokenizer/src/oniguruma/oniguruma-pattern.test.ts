import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import { compileOnigurumaPattern } from './oniguruma-pattern.js';

/** Written by scripts/oniguruma-fixtures.py from the reference: `[start, end, 1 if matched]` of each piece. */
type Pieces = readonly (readonly [number, number, number])[];
/** `null` for a pattern that the reference refuses. */
type Sample = readonly [text: string, pieces: Pieces | null];

function fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** The pieces that matches cut a text into; an empty match cuts and leaves no piece. */
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
  it.each(published.patterns)('finds what the reference finds: %s', (_name, source, expected) => {
    const pattern = compileOnigurumaPattern(source, '$');
    const found = published.texts.map((text) => piecesOf(pattern.findAll(text), text.length));
    expect(found).toEqual(expected);
  });
});

describe('random patterns', () => {
  it('find what the reference finds, or are refused', () => {
    let compared = 0;
    for (const [source, samples] of fixture<readonly (readonly [string, readonly Sample[]])[]>(
      'random-patterns',
    )) {
      const refused = samples.every(([, pieces]) => pieces === null);
      let pattern: ReturnType<typeof compileOnigurumaPattern>;
      try {
        pattern = compileOnigurumaPattern(source, '$');
      } catch (error) {
        if (error instanceof UnsupportedTokenizerError) continue;
        expect(error, source).toBeInstanceOf(MalformedTokenizerError);
        expect(refused, `only this package refuses ${source}`).toBe(true);
        continue;
      }
      expect(refused, `only the reference refuses ${source}`).toBe(false);
      for (const [text, pieces] of samples) {
        compared++;
        expect({ source, text, pieces: piecesOf(pattern.findAll(text), text.length) }).toEqual({
          source,
          text,
          pieces,
        });
      }
    }
    expect(compared).toBeGreaterThan(500);
  });
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

  it('hold the same code points as in the reference', () => {
    const expected = fixture<Readonly<Record<string, string>>>('set-digests');
    const found: Record<string, string> = {};
    for (const source of Object.keys(expected)) {
      const members = Buffer.alloc(codePoints.length);
      const matches = compileOnigurumaPattern(`(?:${source})+`, '$').findAll(everyCharacter);
      for (let i = 0; i < matches.length; i += 2) {
        members.fill(1, indexOf(matches[i]!), indexOf(matches[i + 1]!));
      }
      found[source] = createHash('sha256').update(members).digest('hex').slice(0, 16);
    }
    expect(found).toEqual(expected);
  }, 60_000);

  /** Index of the code point at a unit: all of the first plane comes before the pairs. */
  function indexOf(unit: number): number {
    const firstPlane = 0x10000 - 0x800;
    return unit <= firstPlane ? unit : firstPlane + (unit - firstPlane) / 2;
  }

  it('tell \\w outside a bracket from \\w inside one, as Oniguruma does', () => {
    expect(matchesOf('\\w', 'a²')).toEqual(['a', '²']);
    expect(matchesOf('[\\w]', 'a²')).toEqual(['a']);
  });
});

describe('ignoring case', () => {
  it('folds the long s and the Kelvin sign', () => {
    expect(matchesOf("(?i:'s|'k)", "'S 'ſ 'K")).toEqual(["'S", "'ſ", "'K"]);
  });

  it('takes together from the left what one character folds to', () => {
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
    ['(?:a?){2,3}', '{n,m}'],
    ['(?:abc){5000}', '{n,m}'],
    ['('.repeat(300) + ')'.repeat(300), '(…('],
    ['['.repeat(300) + ']'.repeat(300), '[…['],
  ])('name what is not done: %s', (source, construct) => {
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
  ])('say that it is no regular expression, as the reference does: %s', (source) => {
    expect(() => compileOnigurumaPattern(source, '$')).toThrow(MalformedTokenizerError);
  });
});

describe('time', () => {
  function millisecondsOf(source: string, text: string): number {
    const pattern = compileOnigurumaPattern(source, '$');
    const start = performance.now();
    pattern.findAll(text);
    return performance.now() - start;
  }

  it.each([
    ['\\s+$', ' ', 'x'],
    ['(a+)+b', 'a', ''],
    ['\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+', ' ', 'x'],
    ['(?:a|b)*c', 'ab', ''],
    ['(?:ab|a|b)*c', 'ab', ''],
    ['(?=(?:aa|a)*c)d', 'a', 'c'],
    ['(?>a*)b', 'a', ''],
    ['(?>(?:a|ab)*)c', 'ab', ''],
    ['(?<=b(?:a|aa)*)c', 'ac', ''],
    ['\\d{1,3}(?=(?:\\d{3})*\\b)', '1', ''],
  ])(
    'grows no faster than the text: %s',
    (source, unit, end) => {
      const short = unit.repeat(250_000 / unit.length) + end;
      const long = unit.repeat(1_000_000 / unit.length) + end;
      // Four times the text; quadratic time would be sixteen times as much.
      expect(millisecondsOf(source, long)).toBeLessThan(9 * millisecondsOf(source, short) + 500);
    },
    60_000,
  );
});
