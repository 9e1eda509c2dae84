import { expect, it } from 'vitest';
import { type Vocabulary, vocabularyOf as vocabularyWith } from './models/vocabulary.js';
import { statisticsOf } from './vocabulary-statistics.js';

const vocabularyOf = (tokens: readonly string[]): Vocabulary => vocabularyWith(tokens, (id) => id);

it('returns the middle length of an odd number of tokens', () => {
  expect(statisticsOf(vocabularyOf(['a', 'abcde', 'ab']), []).medianTokenLength).toBe(2);
});

it('truncates the mean of the two middle lengths of an even number', () => {
  expect(statisticsOf(vocabularyOf(['a', 'ab', 'abcde', 'abcdefgh']), []).medianTokenLength).toBe(3);
  expect(statisticsOf(vocabularyOf(['a', 'abcd']), []).medianTokenLength).toBe(2);
});

it('counts code points', () => {
  expect(statisticsOf(vocabularyOf(['😀😀😀']), []).medianTokenLength).toBe(3);
});

it('allocates no memory for gaps between ids', () => {
  expect(
    statisticsOf(
      vocabularyWith(['a'], () => 0xffff_ffff),
      [],
    ),
  ).toEqual({
    size: 1,
    idLimit: 2 ** 32,
    medianTokenLength: 1,
  });
});

it('has a value for an empty vocabulary', () => {
  expect(statisticsOf(vocabularyOf([]), [])).toEqual({ size: 0, idLimit: 0, medianTokenLength: 0 });
});

it('counts an added token once, whether or not the model has it', () => {
  const vocabulary = vocabularyOf(['a', 'bcd']);
  expect(statisticsOf(vocabulary, [['bcd', 1]])).toEqual({ size: 2, idLimit: 2, medianTokenLength: 2 });
  expect(
    statisticsOf(vocabulary, [
      ['bcd', 1],
      ['😀😀😀😀', 2],
    ]),
  ).toEqual({ size: 3, idLimit: 3, medianTokenLength: 3 });
});
