import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from './text-pieces.js';

it('cuts at the best place that fits', () => {
  const cut = (text: string, size: number): string[] => cutText(text, size).map((piece) => piece.text);
  expect(cut('short', 10)).toEqual(['short']);
  expect(cut('one two\n\nthree four\n\nfive', 14)).toEqual(['one two\n\n', 'three four\n\n', 'five']);
  expect(cut('line one\nline two\nline three', 20)).toEqual(['line one\nline two\n', 'line three']);
  expect(cut('A sentence. Another one! A third?', 26)).toEqual(['A sentence. Another one! ', 'A third?']);
  expect(cut('several words without an end', 12)).toEqual(['several ', 'words ', 'without an ', 'end']);
  expect(cut('東京は日本の首都です。人口は多い。', 12)).toEqual(['東京は日本の首都です。', '人口は多い。']);
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toEqual(['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']);
});

it('pieces are the text, none too long, each where it says', () => {
  const text = fc
    .array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.constantFrom('\n\n', '\n', '. ', ' ', 'a\u0301'.repeat(9)),
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 40 }), (whole, size) => {
      const pieces = cutText(whole, size);
      expect(pieces.map((piece) => piece.text).join('')).toBe(whole);
      for (const { text: piece, start } of pieces) {
        expect(piece.length).toBeLessThanOrEqual(size);
        expect(whole.slice(start, start + piece.length)).toBe(piece);
      }
    }),
  );
});

it('takes a million characters without a place to cut', () => {
  expect(cutText('x'.repeat(1_000_000), 1000)).toHaveLength(1000);
});
