import { expect, it } from 'vitest';
import { statisticsOf } from './vocabulary-statistics.js';

const entriesOf = (tokens: readonly string[]): [string, number][] => tokens.map((token, id) => [token, id]);

it('takes the middle length of an odd number of tokens', () => {
  expect(statisticsOf(entriesOf(['a', 'abcde', 'ab'])).medianTokenLength).toBe(2);
});

it('truncates the mean of the two middle lengths of an even number', () => {
  expect(statisticsOf(entriesOf(['a', 'ab', 'abcde', 'abcdefgh'])).medianTokenLength).toBe(3);
  expect(statisticsOf(entriesOf(['a', 'abcd'])).medianTokenLength).toBe(2);
});

it('counts code points', () => {
  expect(statisticsOf(entriesOf(['😀😀😀'])).medianTokenLength).toBe(3);
});

it('takes no memory for ids that are far apart', () => {
  expect(statisticsOf([['a', 0xffff_ffff]])).toEqual({ size: 1, idLimit: 2 ** 32, medianTokenLength: 1 });
});

it('has an answer for no tokens at all', () => {
  expect(statisticsOf([])).toEqual({ size: 0, idLimit: 0, medianTokenLength: 0 });
});
