import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vocabulary } from '../models/vocabulary.js';
import { MalformedTokenizerError } from '../tokenizer-error.js';
import { readJsonText } from './json-text.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function problemOf(json: string | Uint8Array | object): string {
  try {
    readJsonText(json);
  } catch (error) {
    if (error instanceof MalformedTokenizerError) return error.message;
    throw error;
  }
  return 'none';
}

describe('the position where a file stops being JSON', () => {
  it.each([
    ['{"a": tru}', 'found "t" at line 1, column 7'],
    ['{"a": 1,}', 'found "}" at line 1, column 9'],
    ['{"a" 1}', 'found "1" at line 1, column 6'],
    ['{"a": 1 "b": 2}', 'found "\\"" at line 1, column 9'],
    ['{a: 1}', 'found "a" at line 1, column 2'],
    ['[1,\n 2,\n x]', 'found "x" at line 3, column 2'],
    ['[1, [2, {}], 3]]', 'found "]" at line 1, column 16'],
    ['{"a": [}', 'found "}" at line 1, column 8'],
    ['["a\nb"]', 'found "\\n" at line 1, column 4'],
    ['["\\x"]', 'found "\\\\" at line 1, column 3'],
    ['["a', 'the text ends at line 1, column 4'],
    ['{"a": [1, 2', 'the text ends at line 1, column 12'],
    ['01', 'found "1" at line 1, column 2'],
    ['\ufeff{}', 'found "\ufeff" at line 1, column 1'],
    ['', 'the text ends at line 1, column 1'],
    ['{} {}', 'found "{" at line 1, column 4'],
  ])('is reported for %j', (text, expected) => {
    expect(problemOf(text)).toBe(`tokenizer.json: $ is not JSON: ${expected}`);
    expect(problemOf(bytesOf(text))).toBe(`tokenizer.json: $ is not JSON: ${expected}`);
  });

  it('is reported for any truncation or change', () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.nat(),
        fc.constantFrom('', '}', ']', ',', ':', '"', '\\', '\0', '-'),
        (text, at, insert) => {
          const position = at % (text.length + 1);
          const broken = text.slice(0, position) + insert + text.slice(position + 1);
          let parses = true;
          try {
            JSON.parse(broken);
          } catch {
            parses = false;
          }
          expect(/is not JSON: (found|the text ends)/.test(problemOf(broken))).toBe(!parses);
        },
      ),
      { numRuns: 2000 },
    );
  });
});

it('names the byte that is not UTF-8', () => {
  const bytes = new Uint8Array([...bytesOf('{"é": "'), 0xff, 0x22, 0x7d]);
  expect(problemOf(bytes)).toContain('is not UTF-8: byte 8 is invalid');
});

it('refuses bytes that end within a character', () => {
  expect(problemOf(bytesOf('"é').subarray(0, 2))).toContain('is not UTF-8');
});

it('reads 127 levels and refuses the 128th, for every kind of input', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(problemOf(nested(127))).toBe('none');
  expect(problemOf(nested(128))).toContain('nested more than 127 deep');
  expect(problemOf(JSON.parse(nested(128)) as object)).toContain('nested more than 127 deep');
  expect(problemOf(nested(100_000))).toContain('nested more than 127 deep');
  expect(problemOf('['.repeat(100_000))).toContain('the text ends');
});

it.each([
  ['arrays that never end', '[', ''],
  ['arrays', '[', ']'],
  ['objects', '{"a":', '}'],
  ['arrays with spaces', ' [ ', ''],
])('refuses ten megabytes of nested %s before it parses them', (_, open, close) => {
  const depth = Math.floor(10_000_000 / (open.length + close.length));
  const text = open.repeat(depth) + close.repeat(depth);
  const bytes = bytesOf(text);
  for (const json of [text, bytes]) {
    const before = process.memoryUsage().rss;
    const begun = performance.now();
    expect(problemOf(json)).toContain('nested more than 127 deep');
    expect(performance.now() - begun).toBeLessThan(2000);
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
  }
});

it('reads a large file of many shallow arrays, and brackets in strings', () => {
  expect(problemOf(`{"vocabulary":[${Array(200_000).fill('["[[{{\\"",0]').join()}]}`)).toBe('none');
});

it('names the part of the file with an impossible number or character', () => {
  expect(problemOf('{"model": {"vocab": {"a": 1e999}}}')).toContain(
    '$.model contains a number that is out of range',
  );
  expect(problemOf('{"model": ["\\ud83d"]}')).toContain('$.model contains half a surrogate pair');
  expect(problemOf('{"\\udc00": 1}')).toContain('$ contains half a surrogate pair');
  expect(problemOf({ model: '\ud83d' })).toContain('$.model contains half a surrogate pair');
  expect(problemOf('{"model": ["\\ud83d\\ude00"]}')).toBe('none');
});

describe('a vocabulary read directly from bytes', () => {
  /** The value with vocabularies turned back into objects, and their number. */
  function plain(json: string): { readonly value: unknown; readonly vocabularies: number } {
    let vocabularies = 0;
    const value = JSON.parse(
      JSON.stringify(readJsonText(bytesOf(json)), (_, part: unknown) => {
        if (!(part instanceof Vocabulary)) return part;
        vocabularies++;
        return Object.fromEntries(part.entries());
      }),
    ) as unknown;
    return { value, vocabularies };
  }

  it.each([
    ['{"model":{"vocab":{"a":0,"b":1}}}', 1],
    [' { "x" : [1] , "model" : { "vocab" : { "a" : 0 } , "y" : null } } ', 1],
    ['{"model":{"vocab":{"a":0}},"é":"😀"}', 1],
    ['{"model":{"x":"vocab","vocab":{"a":0}}}', 0],
    ['{"vocab":{"a":0},"model":{"vocab":{"b":0}}}', 0],
    ['{"a\\"vocab":{"a":0},"model":{"vocab":{"b":0}}}', 0],
    ['{"model":{"vocab":{"a":0},"vocab":{"b":0}}}', 0],
    ['{"model":{"vocab":{"a":0}},"model":{}}', 0],
    ['{"model":[{"vocab":{"a":0}}]}', 0],
    ['{"vocab":{"a":0}}', 0],
    ['[{"vocab":{"a":0}}]', 0],
    ['{"model":{"vocab":{"a":0.5}}}', 0],
    ['{"model":{"vocab":[["a",0]]}}', 0],
    ['{"model":{"vocab":{}}}', 0],
    ['"vocab"', 0],
    ['null', 0],
  ])('changes nothing in %s', (json, vocabularies) => {
    expect(plain(json)).toEqual({ value: JSON.parse(json), vocabularies });
  });

  it.each(['{"model":{"vocab":{"a":0}}', '{"model":{"vocab"::{"a":0}}}', '{"model":{"vocab":{"a":0}}]'])(
    'leaves the error in %s to be found later',
    (json) => expect(problemOf(bytesOf(json))).toMatch(/is not JSON/),
  );
});
