import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonText, parseJson } from './json-value.js';

/** Any value that JSON can hold, with the whole numbers that doubles round. */
const VALUES = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).filter((n) => !Number.isSafeInteger(Number(n))),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value')),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), { noNullPrototype: true }),
  ),
})).value;

describe('JSON text', () => {
  test('reads back as the same value', () => {
    fc.assert(
      fc.property(VALUES, (value) => {
        const { text, problem } = jsonText(value);
        expect(problem).toBeUndefined();
        expect(parseJson(text)).toStrictEqual(value);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    [2n ** 53n + 1n, '9007199254740993'],
    [-(2n ** 63n), '-9223372036854775808'],
    [5n, '5'],
    [2 ** 60, '1.152921504606847e+18'],
    [-0, '-0.0'],
    [1e300, '1e+300'],
    [0.1, '0.1'],
    [new Date(0), '"1970-01-01T00:00:00.000Z"'],
    [{ a: undefined, b: 1 }, '{"b":1}'],
    [JSON.parse('{"__proto__":{"polluted":1}}'), '{"__proto__":{"polluted":1}}'],
    [Object.assign(Object.create(null), { a: 1 }), '{"a":1}'],
  ])('of %o is %s', (value, text) => {
    expect(jsonText(value)).toEqual({ text });
  });

  class Point {
    x = 1;
  }
  const circular: Record<string, unknown> = {};
  circular.self = circular;

  test.each<[string, unknown, RegExp]>([
    ['a Set', { tags: new Set(['red']) }, /^field tags is a Set, which JSON lacks$/],
    ['a Map', { attrs: new Map([['k', 1]]) }, /^field attrs is a Map/],
    ['a RegExp', { re: /x/ }, /^field re is a RegExp/],
    ['an Error', { err: new Error('e') }, /^field err is an Error/],
    ['an invalid Date', { when: new Date(Number.NaN) }, /^field when is a Date/],
    ['a URL', { link: new URL('http://x/') }, /^field link is a URL/],
    ['a typed array', { bytes: new Uint8Array(2) }, /^field bytes is a Uint8Array/],
    ['a class instance', { at: { point: new Point() } }, /^field at\.point is a Point/],
    ['a boxed string', { s: new String('a') }, /^field s is a String/],
    ['a promise', { p: Promise.resolve(1) }, /^field p is a Promise/],
    ['a WeakMap', { w: new WeakMap() }, /^field w is a WeakMap/],
    ['a function', { f: () => 1 }, /^field f is a function/],
    ['a method toJSON', { o: { toJSON: () => 1 } }, /^field o\.toJSON is a function/],
    ['a symbol', { s: Symbol('s') }, /^field s is a symbol/],
    ['undefined in an array', { list: [1, undefined] }, /^field list\[1\] is undefined/],
    [
      'a hole in an array',
      { list: Object.assign(new Array(3), { 0: 1, 2: 2 }) },
      /^field list\[1\] is undefined/,
    ],
    ['NaN', { n: Number.NaN }, /^field n is NaN/],
    ['infinity', { n: [Number.POSITIVE_INFINITY] }, /^field n\[0\] is Infinity/],
    ['a bigint of 65 bits', { n: 2n ** 63n }, /^field n must fit in 64 bits/],
    ['a lone surrogate', { s: 'a\ud800' }, /^field s must be well-formed Unicode/],
    ['a name with a lone surrogate', Object.fromEntries([['\udc00', 1]]), /names of well-formed Unicode/],
    ['a circular value', circular, /^is circular or nested more than 500 levels deep$/],
  ])('does not exist for %s', (_, value, reason) => {
    expect(jsonText(value).problem).toMatch(reason);
  });

  test('respects objects of another realm', async () => {
    const { runInNewContext } = await import('node:vm');
    expect(jsonText(runInNewContext('({ a: [1, { b: null }] })'))).toEqual({ text: '{"a":[1,{"b":null}]}' });
    expect(jsonText(runInNewContext('({ m: new Map() })')).problem).toMatch(/^field m is a Map/);
  });
});

describe('parsing JSON', () => {
  test.each([
    ['9007199254740991', 2 ** 53 - 1],
    ['9007199254740992', 2n ** 53n],
    ['[-9007199254740993, 1e16, 12345678901234567.5]', [-(2n ** 53n) - 1n, 1e16, 12345678901234568]],
    ['"9007199254740993"', '9007199254740993'],
    ['{"a\\"9007199254740993": 9007199254740993}', { 'a"9007199254740993': 2n ** 53n + 1n }],
    ['["number:1", 9007199254740993]', ['number:1', 2n ** 53n + 1n]],
    ['{"n": NaN, "i": [Infinity, -Infinity], "s": "NaN"}', { n: Number.NaN, i: [1 / 0, -1 / 0], s: 'NaN' }],
  ])('%s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  test('fails for invalid JSON', () => {
    expect(() => parseJson('{"a": 9007199254740993')).toThrow(SyntaxError);
    expect(() => parseJson('str')).toThrow(SyntaxError);
  });
});
