import { expect, test } from 'vitest';
import { filterFields } from './filter-fields.js';

test.each([
  ['year > 1990 and lang == "en"', ['year', 'lang']],
  [`title like "year%" or 'a' == author`, ['title', 'author']],
  ['meta["a"]["b"] in [1, 2] and not (meta["c"] == true)', ['meta']],
  ['json_contains(tags, "x") && ARRAY_LENGTH(list) > 2', ['tags', 'list']],
  ['exists $meta["a"] || x IS NOT NULL', ['$meta', 'x']],
  ['age > 1e5 and n == 0x1F and f < 1.5', ['age', 'n', 'f']],
  ['größe >= 2 AND year == 1', ['größe', 'year']],
  ['year in {years} and year > 1', ['year']],
  ['text == "an \\"escaped\\" quote and name"', ['text']],
  ['', []],
])('%s names %j', (filter, names) => {
  expect(filterFields(filter)).toEqual(names);
});
