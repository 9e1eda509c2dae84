import type { TextRow } from '../store/text-row.js';

/** Rows of the suite, in the order of their ids. */
export const ROWS: readonly TextRow[] = [
  {
    id: 'bread',
    text: 'Bread rises because yeast makes gas in the dough.',
    lang: 'en',
    year: 2001,
    tags: ['food', 'yeast'],
    size: { pages: 3 },
  },
  {
    id: 'brot',
    text: 'Brot geht auf, weil Hefe Gas bildet.',
    lang: 'de',
    year: 2004,
    tags: ['food'],
    draft: true,
  },
  {
    id: 'moon',
    text: 'The moon pulls the tides of the sea.',
    lang: 'en',
    year: 1969,
    tags: ['sky', 'sea'],
    rate: 0.5,
  },
  { id: 'sea', text: 'The sea is salt water, and the tides move it twice a day.', lang: 'en', year: 1999 },
  { id: 'turing', text: 'Alan Turing was born in Maida Vale, London.', lang: 'en', year: 1912, draft: false },
  { id: 'zug', text: 'Der Zug nach Zürich fährt um acht.', lang: 'de', year: 2012, size: { pages: 12 } },
];

/** A filter, its parameters, and the ids that match. */
export type FilterExample = readonly [string, Readonly<Record<string, unknown>>, readonly string[]];

/** Filters that every store understands. */
export const FILTERS: readonly FilterExample[] = [
  ['lang == "de"', {}, ['brot', 'zug']],
  ["lang == 'de'", {}, ['brot', 'zug']],
  ['lang == {lang}', { lang: 'de' }, ['brot', 'zug']],
  ['lang != {lang}', { lang: 'de' }, ['bread', 'moon', 'sea', 'turing']],
  ['year > {year}', { year: 2001 }, ['brot', 'zug']],
  ['year >= 2001 and lang == {lang}', { lang: 'en' }, ['bread']],
  ['year < 1970 or year > 2010', {}, ['moon', 'turing', 'zug']],
  ['not (lang == "en")', {}, ['brot', 'zug']],
  ['year in [1912, 1969]', {}, ['moon', 'turing']],
  ['year in {years}', { years: [1912, 1969] }, ['moon', 'turing']],
  ['lang not in {langs}', { langs: ['en', 'fr'] }, ['brot', 'zug']],
  ['id in {ids}', { ids: ['moon', 'none', 'zug'] }, ['moon', 'zug']],
  ['id == {id}', { id: 'sea' }, ['sea']],
  ['id like "b%"', {}, ['bread', 'brot']],
  ['text like {prefix}', { prefix: 'The %' }, ['moon', 'sea']],
  ['draft == true', {}, ['brot']],
  ['draft == {draft}', { draft: false }, ['turing']],
  ['rate == 0.5', {}, ['moon']],
  ['(year > 2000 and lang == "de") or id == "moon"', {}, ['brot', 'moon', 'zug']],
  ['lang == {lang}', { lang: 'x" or lang != "x' }, []],
  ['lang == {lang}', { lang: 'back\\slash \' and " quotes\n' }, []],
];

/** Filters that Milvus Lite 3.2 refuses and other stores understand. */
export const CALCULATING_FILTERS: readonly FilterExample[] = [
  ['1950 < year < 2000', {}, ['moon', 'sea']],
  ['year % 2 == 0', {}, ['brot', 'turing', 'zug']],
];
