import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, it } from 'vitest';
import { fitted, textWidth, wrapped } from './text-width.js';

it('counts two columns for wide characters and none for accents', () => {
  expect([textWidth('abc'), textWidth('東京'), textWidth('e\u0301'), textWidth('👩‍👩‍👧‍👦')]).toEqual([
    3, 4, 1, 2,
  ]);
});

it('gives every character the width that string-width gives it', () => {
  for (let code = 0; code < 0x3100; code++) {
    const character = String.fromCharCode(code);
    expect([code, textWidth(character)]).toEqual([code, stringWidth(character)]);
    expect([code, textWidth(`a${character}`)]).toEqual([code, stringWidth(`a${character}`)]);
  }
});

it('shortens a text to fit, and marks the cut', () => {
  expect(fitted('short', 5)).toBe('short');
  expect(fitted('longer text', 7)).toBe('longer…');
  expect(fitted('東京は', 5)).toBe('東京…');
  expect(fitted('a'.repeat(1_000_000), 5)).toBe('aaaa…');
});

it('breaks between words, or else at the end of the line', () => {
  expect(wrapped('one two three four', 9, 2)).toEqual(['one two', 'three fo…']);
  expect(wrapped('one two', 9, 2)).toEqual(['one two']);
  expect(wrapped('abcdefghij klm', 5, 3)).toEqual(['abcde', 'fghij', 'klm']);
  expect(wrapped('東京は日本の首都', 6, 3)).toEqual(['東京は', '日本の', '首都']);
  expect(wrapped('', 10, 2)).toEqual([]);
});

it('never exceeds the columns and lines', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 80 }).map((text) => text.replace(/[\p{Cc}\s]+/gu, ' ')),
      fc.integer({ min: 4, max: 30 }),
      fc.integer({ min: 1, max: 4 }),
      (text, columns, most) => {
        const lines = wrapped(text, columns, most);
        expect(lines.length).toBeLessThanOrEqual(most);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});
