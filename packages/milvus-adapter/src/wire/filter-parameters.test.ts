import { expect, test } from 'vitest';
import { boundFilter } from './filter-parameters.js';

test('values of every kind are inserted as literals', () => {
  expect(boundFilter('lang == {lang} and year > { year }', { lang: 'de', year: 1990 })).toBe(
    'lang == "de" and year > 1990',
  );
  expect(
    boundFilter('a in {ids} or b == {flag} or c == {big}', { ids: ['x', 2], flag: false, big: 2n ** 60n }),
  ).toBe('a in ["x", 2] or b == false or c == 1152921504606846976');
});

test('a value cannot end its string', () => {
  expect(boundFilter('lang == {lang}', { lang: 'x" or lang != "\\' })).toBe(
    'lang == "x\\" or lang != \\"\\\\"',
  );
  expect(boundFilter('lang == {lang}', { lang: '{other}\n' })).toBe('lang == "{other}\\n"');
});

test('braces in strings are text', () => {
  expect(boundFilter("a == \"{b}\" and c == 'it\\'s {b}' and d == {b}", { b: 1 })).toBe(
    "a == \"{b}\" and c == 'it\\'s {b}' and d == 1",
  );
});

test('a placeholder without a usable value is refused by name', () => {
  for (const params of [
    undefined,
    {},
    { lang: null },
    { lang: Number.NaN },
    { lang: [{}] },
    { lang: new Date() },
  ]) {
    expect(() => boundFilter('lang == {lang}', params)).toThrow(/params\.lang/);
  }
  expect(() => boundFilter('lang == {toString}', {})).toThrow(/params\.toString/);
  expect(() => boundFilter('x == 1', 7 as never)).toThrow(/option params must be an object/);
});

test('without a filter there is nothing to bind', () => {
  expect(boundFilter(undefined, { lang: 'de' })).toBeUndefined();
});
