import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFloat } from './json-float.js';
import { scanVocabulary } from './vocabulary-scan.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/** Entries and end of the first value of a text, with `JSON.parse`. */
function parsed(
  bytes: Uint8Array,
): { readonly entries: readonly unknown[]; readonly end: number } | undefined {
  for (let end = bytes.length; end > 0; end--) {
    try {
      const value: unknown = JSON.parse(decoder.decode(bytes.subarray(0, end)));
      if (bytes[end - 1] !== 0x7d) continue;
      return { entries: Object.entries(value as object), end };
    } catch {}
  }
  return undefined;
}

const character = fc.constantFrom(
  'a',
  'Z',
  '0',
  ' ',
  '"',
  '\\',
  '/',
  '\b',
  '\n',
  '\u007f',
  'é',
  '߿',
  'ࠀ',
  '日',
  '\uffff',
  '😀',
  '\u{10ffff}',
);
const token = fc.string({ unit: character, maxLength: 5 });
const vocabulary = fc.dictionary(token, fc.nat(999_999_999), {
  minKeys: 1,
  maxKeys: 20,
  noNullPrototype: true,
});

function check(bytes: Uint8Array): boolean {
  const scanned = scanVocabulary(bytes, 0);
  if (scanned === undefined) return false;
  const expected = parsed(bytes);
  expect(scanned.end).toBe(expected?.end);
  // JavaScript sorts numeric keys first.
  expect(new Set([...scanned.vocabulary.entries()].map(String))).toEqual(
    new Set(expected?.entries.map(String)),
  );
  return true;
}

describe('reads a vocabulary as JSON.parse does', () => {
  it('in compact, spaced and escaped form', () => {
    fc.assert(
      fc.property(vocabulary, fc.constantFrom(undefined, 2, '\t'), fc.boolean(), (object, space, escaped) => {
        let text = JSON.stringify(object, undefined, space);
        if (escaped) {
          text = text.replace(
            /[\u007f-\ud7ff\ue000-\uffff]/g,
            (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
          );
        }
        expect(check(encoder.encode(`${text}, "merges": []}`))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('or not at all, if some of its bytes are changed', () => {
    let understood = 0;
    fc.assert(
      fc.property(
        vocabulary,
        fc.nat(),
        fc.constantFrom(
          0,
          9,
          0x0b,
          0x1f,
          0x20,
          0x22,
          0x2c,
          0x2d,
          0x2e,
          0x30,
          0x3a,
          0x5c,
          0x65,
          0x75,
          0x7b,
          0x7d,
          0x7f,
          0x80,
          0xbf,
          0xc0,
          0xc1,
          0xe0,
          0xed,
          0xf0,
          0xf4,
          0xf8,
          0xff,
        ),
        (object, at, byte) => {
          const bytes = encoder.encode(JSON.stringify(object));
          bytes[1 + (at % (bytes.length - 1))] = byte;
          if (check(bytes)) understood++;
        },
      ),
      { numRuns: 5000 },
    );
    expect(understood).toBeGreaterThan(300);
  });
});

it.each([
  '{}',
  '{"a":01}',
  '{"a":-1}',
  '{"a":1.0}',
  '{"a":1e3}',
  '{"a":1234567890}',
  '{"a":null}',
  '{"a":{}}',
  '{"a":1,}',
  '{"a" 1}',
  '{"a":1 "b":2}',
  '{"a\n":1}',
  '{"\\x":1}',
  '{"\\u00g0":1}',
  '{"\\ud83d\\ude00":1}',
  '{"\\udc00":1}',
  '{"a":1',
  '{"a',
])('leaves %s to JSON.parse', (text) => {
  expect(scanVocabulary(encoder.encode(text), 0)).toBeUndefined();
});

it('keeps the last of equal tokens', () => {
  const text = encoder.encode('{"a":1,"b":2,"\\u0061":3,"c":4}');
  expect([...scanVocabulary(text, 0)!.vocabulary.entries()]).toEqual([
    ['a', 3],
    ['b', 2],
    ['c', 4],
  ]);
});

it('reads more tokens than it first allocates', () => {
  const object = Object.fromEntries(Array.from({ length: 70_000 }, (_, i) => [`t${i}`, i]));
  const { vocabulary } = scanVocabulary(encoder.encode(JSON.stringify(object)), 0)!;
  expect([...vocabulary.entries()]).toEqual(Object.entries(object));
});

/** Tokens and scores of a list, or `undefined` if the scan leaves it to `JSON.parse`. */
function scanList(text: string): readonly (readonly [string, number])[] | undefined {
  const bytes = encoder.encode(text);
  const scanned = scanVocabulary(bytes, 0);
  if (scanned === undefined) return undefined;
  const { scores } = scanned.vocabulary.packed;
  return [...scanned.vocabulary.entries()].map(([each, id]) => [each, scores![id]!]);
}

describe('reads a list of tokens and scores', () => {
  const score = fc.oneof(
    fc.double({ min: -30, max: -1e-4, noNaN: true }),
    fc.double({ min: -30, max: -1e-4, noNaN: true }).map(Math.fround),
    fc.integer({ min: -100_000, max: 100_000 }).map((whole) => whole / 10_000),
    fc.integer(),
    fc.constantFrom(0, -0, 1e15, -(2 ** 53), 123_456_789_012_345.67),
  );
  const list = fc.uniqueArray(fc.tuple(token, score), {
    selector: ([each]) => each,
    minLength: 1,
    maxLength: 20,
  });

  it('with the scores that the reference makes of their digits', () => {
    let understood = 0;
    fc.assert(
      fc.property(list, fc.constantFrom(undefined, 2, '\t'), (pairs, space) => {
        const text = JSON.stringify(pairs, undefined, space);
        const got = scanList(`${text}, "merges": []}`);
        // The other ones have an exponent, or more than 22 decimals.
        if (got === undefined) expect(text).toMatch(/\de-|\.\d{23}/);
        else {
          const expected = (JSON.parse(text) as typeof pairs).map(([each, value]) => [
            each,
            readFloat(value, '$'),
          ]);
          expect(got).toEqual(expected);
          understood++;
        }
      }),
      { numRuns: 1000 },
    );
    expect(understood).toBeGreaterThan(800);
  });

  it('with a minus before zero', () => {
    expect(scanList('[["a",-0.0],["b",-0],["c",0]]')).toEqual([
      ['a', -0],
      ['b', -0],
      ['c', 0],
    ]);
  });

  it.each([
    '[]',
    '[["a"]]',
    '[["a",]]',
    '[["a",-]]',
    '[["a",+1]]',
    '[["a",.5]]',
    '[["a",1.]]',
    '[["a",01]]',
    '[["a",-00.5]]',
    '[["a",1e3]]',
    '[["a",-1.5E-7]]',
    '[["a",1.2.3]]',
    '[["a",12345678901234567890]]',
    '[["a",0.12345678901234567891]]',
    '[["a",0.00000000000000000000001]]',
    '[["a",null]]',
    '[["a","1"]]',
    '[["a",1,2]]',
    '[["a",1],]',
    '[["a",1] ["b",2]]',
    '[["a",1]}',
    '[["a",1],["a",2]]',
    '[["a",1],"b"]',
    '[["a",1]',
    '["a",1]',
    '[{"a":1}]',
  ])('but leaves %s to JSON.parse', (text) => {
    expect(scanList(text)).toBeUndefined();
  });
});
