import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TokenPatternSet } from './token-pattern.js';

const word = fc.string({ unit: fc.constantFrom('a', 'b', '[', 'é', '😀', '😁'), minLength: 1, maxLength: 5 });

it('finds the longest pattern at every position, like trying each of them', () => {
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 12 }), fc.array(word), (contents, words) => {
      const set = new TokenPatternSet(contents.map((content, id) => ({ content, id })));
      const text = words.join('');
      for (let i = 0; i < text.length; i++) {
        const matching = contents.filter((content) => text.startsWith(content, i));
        const longest = matching.sort((a, b) => b.length - a.length)[0];
        expect(set.longestAt(text, i)?.content).toBe(longest);
      }
    }),
    { numRuns: 500 },
  );
});

it('skips to the positions where a pattern could begin', () => {
  const set = new TokenPatternSet([{ content: '[a', id: 0 }]);
  expect(set.nextCandidate('ab[b[a', 0)).toBe(2);
  expect(set.nextCandidate('ab[b[a', 3)).toBe(4);
  expect(set.nextCandidate('ab[b[a', 5)).toBe(6);
});
