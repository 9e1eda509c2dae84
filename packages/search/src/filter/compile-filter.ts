import { invalidArgument } from '../search-error.js';
import type { FilterParameters } from '../store/text-store.js';
import type { FieldReader } from './filter-operations.js';
import { FilterParser } from './filter-parser.js';

/** Whether a row matches; reads the row's fields through the given function. */
export type RowTest = (read: FieldReader) => boolean;

/**
 * Compiles a filter in Milvus' filter language: comparisons, ranges, arithmetic, `and`, `or`, `not`, `in`, `like`, `is
 * null`, `exists`, paths into JSON (`tags["a"][0]`), `array_contains`, `json_contains` and their `_all` and `_any`,
 * `array_length`. A comparison with a missing field is unknown, and a row matches only if the filter is true.
 *
 * @param params - values of the `{name}` places
 * @throws {@link SearchError} `invalid-argument` with the position of the syntax error
 *
 * @example
 * ```ts
 * import { compileFilter } from '@model2vec-ts/search';
 *
 * const row = { lang: 'en', year: 1912 };
 * const matches = compileFilter('lang == {lang} and year < 1950', { lang: 'en' });
 * console.log(matches((name) => row[name as keyof typeof row])); // true
 * ```
 */
export function compileFilter(filter: string, params: FilterParameters = {}): RowTest {
  if (typeof filter !== 'string') throw invalidArgument('option filter', 'a string', filter);
  if (typeof params !== 'object' || params === null) {
    throw invalidArgument('option params', 'an object of values', params);
  }
  const condition = new FilterParser(filter, params).parse();
  return (read) => condition(read) === true;
}
