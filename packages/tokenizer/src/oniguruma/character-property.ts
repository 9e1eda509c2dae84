import { type CodePointRanges, decodeNumbers, decodeRanges } from '../unicode/code-point-set.js';
import { differenceOf } from '../unicode/range-difference.js';
import {
  ALPHABETIC,
  CATEGORY_LENGTHS,
  CATEGORY_NAMES,
  CATEGORY_OF_RUN,
  LOWERCASE,
  SCRIPTS,
  UPPERCASE,
} from './character-tables.generated.js';
import { complementOf, EVERY_CODE_POINT, rangesOf, unionOf } from './range-algebra.js';

/** The letters of `CATEGORY_OF_RUN` in order, without quote and backslash. */
const LETTERS = ' !"#$%&()*+,-./0123456789:;<=>?@';

const CATEGORY_NAME_LIST: readonly string[] = CATEGORY_NAMES.split(' ');

/** Long names of categories and their groups in `\p{…}`, in lower case without spaces, `-` and `_`. */
const LONG_NAMES: Readonly<Record<string, string>> = {
  other: 'c',
  control: 'cc',
  format: 'cf',
  unassigned: 'cn',
  privateuse: 'co',
  surrogate: 'cs',
  letter: 'l',
  casedletter: 'lc',
  lowercaseletter: 'll',
  modifierletter: 'lm',
  otherletter: 'lo',
  titlecaseletter: 'lt',
  uppercaseletter: 'lu',
  mark: 'm',
  combiningmark: 'm',
  spacingmark: 'mc',
  enclosingmark: 'me',
  nonspacingmark: 'mn',
  number: 'n',
  decimalnumber: 'nd',
  letternumber: 'nl',
  othernumber: 'no',
  punctuation: 'p',
  punct: 'p',
  connectorpunctuation: 'pc',
  dashpunctuation: 'pd',
  closepunctuation: 'pe',
  finalpunctuation: 'pf',
  initialpunctuation: 'pi',
  otherpunctuation: 'po',
  openpunctuation: 'ps',
  symbol: 's',
  currencysymbol: 'sc',
  modifiersymbol: 'sk',
  mathsymbol: 'sm',
  othersymbol: 'so',
  separator: 'z',
  lineseparator: 'zl',
  paragraphseparator: 'zp',
  spaceseparator: 'zs',
  alphabetic: 'alpha',
  lowercase: 'lower',
  uppercase: 'upper',
  whitespace: 'space',
  hani: 'han',
  hira: 'hiragana',
  kana: 'katakana',
  hang: 'hangul',
  latn: 'latin',
  cyrl: 'cyrillic',
  grek: 'greek',
  arab: 'arabic',
  hebr: 'hebrew',
  deva: 'devanagari',
};

/** End of each run of one category, and the category's index in the list of names. */
interface CategoryRuns {
  readonly ends: readonly number[];
  readonly categories: readonly number[];
}

let decodedRuns: CategoryRuns | undefined;

function decodeRuns(): CategoryRuns {
  const lengths = decodeNumbers(CATEGORY_LENGTHS);
  const ends: number[] = [];
  const categories: number[] = [];
  const upper = CATEGORY_NAME_LIST.indexOf('Lu');
  const lower = CATEGORY_NAME_LIST.indexOf('Ll');
  let codePoint = 0;
  for (let run = 0; run < lengths.length; run++) {
    const end = codePoint + lengths[run]! + 1;
    const category = LETTERS.indexOf(CATEGORY_OF_RUN[run]!);
    if (category < CATEGORY_NAME_LIST.length) {
      ends.push(end);
      categories.push(category);
    } else {
      for (let pair = codePoint; pair < end; pair += 2) {
        ends.push(pair + 1, pair + 2);
        categories.push(upper, lower);
      }
    }
    codePoint = end;
  }
  return { ends, categories };
}

/** All categories whose names start with one of the prefixes, in lower case. */
function categories(...prefixes: readonly string[]): CodePointRanges {
  decodedRuns ??= decodeRuns();
  const chosen = CATEGORY_NAME_LIST.map((name) =>
    prefixes.some((prefix) => name.toLowerCase().startsWith(prefix)),
  );
  const borders: number[] = [];
  let start = 0;
  for (let run = 0; run < decodedRuns.ends.length; run++) {
    const end = decodedRuns.ends[run]!;
    if (chosen[decodedRuns.categories[run]!]) {
      if (borders.at(-1) === start) borders[borders.length - 1] = end;
      else borders.push(start, end);
    }
    start = end;
  }
  return Uint32Array.from(borders);
}

const WHITE_SPACE_CONTROLS = rangesOf([9, 10, 11, 12, 13, 0x85]);
const TAB = rangesOf([9]);
const HEXADECIMAL_DIGITS = Uint32Array.of(0x30, 0x3a, 0x41, 0x47, 0x61, 0x67);
/** Word characters of Oniguruma's Latin-1 table that Unicode does not count. */
const LATIN_WORD_EXTRAS = rangesOf([0xb2, 0xb3, 0xb9, 0xbc, 0xbd, 0xbe]);

const COMPUTED: Readonly<Record<string, () => CodePointRanges>> = {
  any: () => EVERY_CODE_POINT,
  ascii: () => Uint32Array.of(0, 0x80),
  assigned: () => complementOf(categories('cn')),
  lc: () => categories('lu', 'll', 'lt'),
  cs: () => new Uint32Array(0),
  alpha: () => differenceOf(categories('l', 'nl'), decodeRanges(ALPHABETIC)),
  lower: () => differenceOf(categories('ll'), decodeRanges(LOWERCASE)),
  upper: () => differenceOf(categories('lu'), decodeRanges(UPPERCASE)),
  digit: () => categories('nd'),
  alnum: () => unionOf(namedSet('alpha'), categories('nd')),
  blank: () => unionOf(categories('zs'), TAB),
  cntrl: () => categories('cc'),
  graph: () => categories('l', 'm', 'n', 'p', 's', 'cf', 'co'),
  print: () => unionOf(namedSet('graph'), categories('zs')),
  space: () => unionOf(categories('z'), WHITE_SPACE_CONTROLS),
  xdigit: () => HEXADECIMAL_DIGITS,
  posixpunct: () => categories('p', 's'),
  word: () => unionOf(namedSet('alpha'), categories('m', 'nd', 'pc')),
  loneword: () => unionOf(namedSet('word'), LATIN_WORD_EXTRAS),
};

/** Names of sets that this module computes, which are not properties. */
export type SetName = 'alpha' | 'graph' | 'digit' | 'space' | 'xdigit' | 'word' | 'loneword';

const computed = new Map<string, CodePointRanges>();

/**
 * Returns a set that the pattern language names. `word` is `\w` inside a bracket; `loneword` is `\w` outside one and in `\b`.
 * Oniguruma has two tables for them, which differ in six code points.
 */
export function namedSet(name: SetName): CodePointRanges {
  return lookUp(name)!;
}

function lookUp(name: string): CodePointRanges | undefined {
  let ranges = computed.get(name);
  if (ranges === undefined) {
    if (Object.hasOwn(COMPUTED, name)) ranges = COMPUTED[name]!();
    else if (name !== '*' && isCategory(name)) ranges = categories(name);
    else if (Object.hasOwn(SCRIPTS, name)) ranges = decodeRanges(SCRIPTS[name]!);
    else return undefined;
    computed.set(name, ranges);
  }
  return ranges;
}

function isCategory(name: string): boolean {
  return CATEGORY_NAME_LIST.some((category) =>
    name.length === 1 ? category[0]!.toLowerCase() === name : category.toLowerCase() === name,
  );
}

/** Returns the set of `\p{name}`, or `undefined` for a name without a table in this package. */
export function propertySet(name: string): CodePointRanges | undefined {
  const plain = name.replace(/[ _-]/g, '').toLowerCase();
  if (plain === 'loneword') return undefined;
  // Outside a bracket the parser treats `\p{Word}` as `\w`.
  return lookUp(Object.hasOwn(LONG_NAMES, plain) ? LONG_NAMES[plain]! : plain);
}

const POSIX_BRACKETS =
  'alnum alpha blank cntrl digit graph lower print punct space upper xdigit ascii word'.split(' ');

/** Returns the set of `[:name:]`, or `undefined` for a name that Oniguruma refuses. */
export function posixBracketSet(name: string): CodePointRanges | undefined {
  if (!POSIX_BRACKETS.includes(name)) return undefined;
  return lookUp(name === 'punct' ? 'posixpunct' : name);
}
