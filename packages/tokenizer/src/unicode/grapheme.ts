import { CodePointSet, decodeRanges } from './code-point-set.js';
import { COMBINING_MARK } from './combining-mark.js';
import {
  CONSONANT_RANGES,
  CONTROL_RANGES,
  EXTEND_DIFFERENCE,
  LEADING_JAMO_RANGES,
  LINKER_RANGES,
  PICTOGRAPHIC_RANGES,
  PREPEND_RANGES,
  SPACING_MARK_RANGES,
  TRAILING_JAMO_RANGES,
  VOWEL_JAMO_RANGES,
} from './grapheme.generated.js';
import { differenceOf } from './range-difference.js';

const OTHER = 0;
/** Extend, InCB=Extend. */
const EXTEND = 1;
/** Extend, InCB=Linker. */
const LINKER = 2;
const SPACING_MARK = 3;
const PREPEND = 4;
/** Control, CR and LF. */
const CONTROL = 5;
const PICTOGRAPHIC = 6;
/** InCB=Consonant. */
const CONSONANT = 7;
const LEADING_JAMO = 8;
const VOWEL_JAMO = 9;
const TRAILING_JAMO = 10;
/** A Hangul syllable that ends in a vowel, and one that ends in a consonant. */
const OPEN_SYLLABLE = 11;
const CLOSED_SYLLABLE = 12;
/** U+200D, which also has InCB=Extend. */
const JOINER = 13;
/** U+200C, the one Extend without an InCB. */
const NON_JOINER = 14;

const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const TRAILING_JAMOS = 28;

/** Later sets win, because a linker is also in Extend. */
const SETS: readonly (readonly [kind: number, ranges: () => Uint32Array])[] = [
  [EXTEND, () => differenceOf(COMBINING_MARK.ranges, decodeRanges(EXTEND_DIFFERENCE))],
  [LINKER, () => decodeRanges(LINKER_RANGES)],
  [SPACING_MARK, () => decodeRanges(SPACING_MARK_RANGES)],
  [PREPEND, () => decodeRanges(PREPEND_RANGES)],
  [CONTROL, () => decodeRanges(CONTROL_RANGES)],
  [PICTOGRAPHIC, () => decodeRanges(PICTOGRAPHIC_RANGES)],
  [CONSONANT, () => decodeRanges(CONSONANT_RANGES)],
  [LEADING_JAMO, () => decodeRanges(LEADING_JAMO_RANGES)],
  [VOWEL_JAMO, () => decodeRanges(VOWEL_JAMO_RANGES)],
  [TRAILING_JAMO, () => decodeRanges(TRAILING_JAMO_RANGES)],
];

interface Kinds {
  /** Class of every character of the first plane. */
  readonly firstPlane: Uint8Array;
  readonly sets: readonly (readonly [kind: number, set: CodePointSet])[];
}

let kinds: Kinds | undefined;

function readKinds(): Kinds {
  const firstPlane = new Uint8Array(0x10000);
  const sets: (readonly [number, CodePointSet])[] = [];
  for (const [kind, rangesOf] of SETS) {
    const ranges = rangesOf();
    for (let i = 0; i < ranges.length && ranges[i]! < 0x10000; i += 2) {
      firstPlane.fill(kind, ranges[i]!, Math.min(ranges[i + 1]!, 0x10000));
    }
    sets.unshift([kind, new CodePointSet(ranges)]);
  }
  firstPlane.fill(CLOSED_SYLLABLE, FIRST_SYLLABLE, LAST_SYLLABLE + 1);
  for (let i = FIRST_SYLLABLE; i <= LAST_SYLLABLE; i += TRAILING_JAMOS) firstPlane[i] = OPEN_SYLLABLE;
  firstPlane[0x200d] = JOINER;
  firstPlane[0x200c] = NON_JOINER;
  return { firstPlane, sets };
}

function kindOf(codePoint: number): number {
  kinds ??= readKinds();
  if (codePoint < 0x10000) return kinds.firstPlane[codePoint]!;
  for (const [kind, set] of kinds.sets) if (set.has(codePoint)) return kind;
  return OTHER;
}

/** State of a rule that spans more than two characters. */
const NOT_BEGUN = 0;
const BEGUN = 1;
const COMPLETE = 2;

/** `consonant mark* linker mark*` joins a consonant; marks can be linkers, too. */
function conjunctAfter(state: number, kind: number): number {
  if (kind === CONSONANT) return BEGUN;
  if (kind === LINKER) return state === NOT_BEGUN ? NOT_BEGUN : COMPLETE;
  return kind === EXTEND || kind === JOINER ? state : NOT_BEGUN;
}

/** `pictograph extend* joiner` joins a pictograph. */
function pictographAfter(state: number, kind: number): number {
  if (kind === PICTOGRAPHIC) return BEGUN;
  if (state !== BEGUN) return NOT_BEGUN;
  if (kind === JOINER) return COMPLETE;
  return kind === EXTEND || kind === LINKER || kind === NON_JOINER ? BEGUN : NOT_BEGUN;
}

/** Whether two neighbours are in one cluster. Control characters are handled before. */
function joins(before: number, after: number, conjunct: number, pictograph: number): boolean {
  switch (after) {
    case EXTEND:
    case LINKER:
    case NON_JOINER:
    case JOINER:
    case SPACING_MARK:
      return true;
    case LEADING_JAMO:
    case OPEN_SYLLABLE:
    case CLOSED_SYLLABLE:
      return before === LEADING_JAMO || before === PREPEND;
    case VOWEL_JAMO:
      return (
        before === LEADING_JAMO || before === VOWEL_JAMO || before === OPEN_SYLLABLE || before === PREPEND
      );
    case TRAILING_JAMO:
      return (
        before === VOWEL_JAMO ||
        before === TRAILING_JAMO ||
        before === OPEN_SYLLABLE ||
        before === CLOSED_SYLLABLE ||
        before === PREPEND
      );
    case CONSONANT:
      return conjunct === COMPLETE || before === PREPEND;
    case PICTOGRAPHIC:
      return pictograph === COMPLETE || before === PREPEND;
    default:
      return before === PREPEND;
  }
}

/**
 * Returns the end of the extended grapheme cluster at `start`, by UAX #29 in the version of the reference's crate.
 *
 * Pairs of regional indicators are cut in two. The only caller looks up clusters of two or more characters in fewer than six
 * bytes of UTF-8. An indicator has four bytes and the shortest mark two, so no cluster with an indicator is that short,
 * with or without this cut, and no rule looks back over one.
 */
export function clusterEnd(text: string, start: number): number {
  let codePoint = text.codePointAt(start)!;
  let before = kindOf(codePoint);
  let end = start + (codePoint > 0xffff ? 2 : 1);
  if (before === CONTROL) return text.startsWith('\r\n', start) ? end + 1 : end;
  let conjunct = conjunctAfter(NOT_BEGUN, before);
  let pictograph = pictographAfter(NOT_BEGUN, before);
  while (end < text.length) {
    codePoint = text.codePointAt(end)!;
    const after = kindOf(codePoint);
    if (after === CONTROL || !joins(before, after, conjunct, pictograph)) break;
    conjunct = conjunctAfter(conjunct, after);
    pictograph = pictographAfter(pictograph, after);
    before = after;
    end += codePoint > 0xffff ? 2 : 1;
  }
  return end;
}
