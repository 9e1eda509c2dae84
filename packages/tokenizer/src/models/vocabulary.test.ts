import fc from 'fast-check';
import { expect, it } from 'vitest';
import { NO_TOKEN, tokenBeginning, type Vocabulary, vocabularyOf as vocabularyWith } from './vocabulary.js';

const token = fc.string({ unit: fc.constantFrom('a', 'b', '#', 'é', '日', '😀', '"', '\\'), maxLength: 6 });
const entries = fc.array(fc.tuple(token, fc.nat(40)), { maxLength: 60 });

function vocabularyOf(list: readonly (readonly [string, number])[]): Vocabulary {
  return vocabularyWith(
    list.map(([text]) => text),
    (i) => list[i]![1],
  );
}

it('equals a map of the tokens, with the last of equal ones', () => {
  fc.assert(
    fc.property(entries, fc.array(token), (list, others) => {
      const vocabulary = vocabularyOf(list);
      const map = new Map(list);
      expect([...vocabulary.entries()]).toEqual([...map]);
      expect(vocabulary.size).toBe(map.size);
      expect(vocabulary.idLimit).toBe(Math.max(0, ...[...map.values()].map((id) => id + 1)));
      for (const text of [...map.keys(), ...others]) expect(vocabulary.idOf(text)).toBe(map.get(text));
      for (const id of map.values()) {
        expect(vocabulary.tokenOf(id)).toBe([...map].findLast((entry) => entry[1] === id)![0]);
      }
      expect(vocabulary.tokenOf(41)).toBeUndefined();
      Array.from(vocabulary.packed.lengthCounts).forEach((count, length) => {
        expect(count).toBe([...map.keys()].filter((text) => [...text].length === length).length);
      });
    }),
    { numRuns: 1000 },
  );
});

it('finds the longest token that continues a beginning, like trying each of them', () => {
  fc.assert(
    fc.property(
      entries,
      fc.constantFrom('', '#', '##', '😀'),
      fc.array(token).map((parts) => parts.join('')),
      (list, before, text) => {
        const vocabulary = vocabularyOf(list);
        for (let start = 0; start <= text.length; start++) {
          const fitting = list.filter(
            ([content]) =>
              content.length > before.length &&
              (before + text.slice(start)).startsWith(content) &&
              content.startsWith(before),
          );
          const longest = fitting.sort((a, b) => b[0].length - a[0].length)[0]?.[0];
          const found = vocabulary.longestAt(tokenBeginning(before), text, start);
          if (longest === undefined) {
            expect(found).toBe(NO_TOKEN);
          } else {
            expect(vocabulary.packed.ids[found]).toBe(new Map(list).get(longest));
            expect(vocabulary.lengthAt(found)).toBe(longest.length);
          }
        }
      },
    ),
    { numRuns: 1000 },
  );
});

it('accepts tokens of any length', () => {
  const long = 'ab'.repeat(50_000);
  const vocabulary = vocabularyOf([
    [long, 7],
    ['', 3],
  ]);
  expect(vocabulary.tokenOf(7)).toBe(long);
  expect(vocabulary.idOf(long)).toBe(7);
  expect(vocabulary.idOf(`${long}a`)).toBeUndefined();
  expect(vocabulary.idOf('')).toBe(3);
});
