import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from './text-pieces.js';

it('splits at the best place that fits', () => {
  const cut = (text: string, size: number): string[] => cutText(text, size).map((piece) => piece.text);
  expect(cut('short', 10)).toEqual(['short']);
  expect(cut('one two\n\nthree four\n\nfive', 14)).toEqual(['one two\n\n', 'three four\n\n', 'five']);
  expect(cut('line one\nline two\nline three', 20)).toEqual(['line one\nline two\n', 'line three']);
  expect(cut('A sentence. Another one! A third?', 26)).toEqual(['A sentence. Another one! ', 'A third?']);
  expect(cut('several words without an end', 12)).toEqual(['several ', 'words ', 'without an ', 'end']);
  expect(cut('東京は日本の首都です。人口は多い。', 12)).toEqual(['東京は日本の首都です。', '人口は多い。']);
  expect(cut('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 12)).toEqual(['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']);
});

it('returns pieces that add up to the text, within the size and at their positions', () => {
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

it('splits a million characters without a natural break', () => {
  expect(cutText('x'.repeat(1_000_000), 1000)).toHaveLength(1000);
});

it('takes time proportional to the text', () => {
  expect(cutText('東京は日本の首都です。'.repeat(10_000), 110)).toHaveLength(1000);
  // V8 takes minutes to find the words of such a text at once.
  expect(cutText('x日 é'.repeat(60_000), 1000).length).toBeGreaterThanOrEqual(240);
});

it('splits a long text between words, like its pieces', () => {
  // No languages whose words are found by a dictionary, because there the rest of the sentence can move a boundary.
  const some = ['a', 'größe', "don't", '3.14', '🇩🇪🇫🇷', 'a\u0301b', '👩‍👩‍👧', '—', 'слово', '“x”,'];
  const text = Array.from({ length: 1500 }, (_, i) => some[(i * i + 3 * i) % some.length]).join(' ');
  const between = new Set([0]);
  for (const { index, segment } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    between.add(index + segment.length);
  }
  const pieces = cutText(text, 50);
  expect(pieces.length).toBeGreaterThan(100);
  expect(pieces.filter(({ start }) => !between.has(start))).toEqual([]);
});
