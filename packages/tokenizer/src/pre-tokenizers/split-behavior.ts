import type { NormalizedText } from '../normalized-text.js';
import { appendSlice } from './append-slice.js';

/** What becomes of the matches of a pattern: the reference's `SplitDelimiterBehavior`. */
export const SPLIT_BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

/** What becomes of the matches of a pattern. */
export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number];

/** The text from end to end: `[start0, end0, start1, …]`, where matches and what lies between them alternate or touch. */
interface Segments {
  readonly bounds: number[];
  readonly isMatch: boolean[];
}

function segmentsOf(length: number, matches: readonly number[], invert: boolean): Segments {
  const bounds: number[] = [];
  const isMatch: boolean[] = [];
  let position = 0;
  for (let i = 0; i < matches.length; i += 2) {
    const start = matches[i]!;
    const end = matches[i + 1]!;
    if (position !== start) {
      bounds.push(position, start);
      isMatch.push(invert);
    }
    bounds.push(start, end);
    isMatch.push(!invert);
    position = end;
  }
  if (position !== length) {
    bounds.push(position, length);
    isMatch.push(invert);
  }
  return { bounds, isMatch };
}

/** Whether segment `i` joins the one before it. */
function joinsPrevious(isMatch: readonly boolean[], i: number, behavior: SplitBehavior): boolean {
  if (i === 0) return false;
  switch (behavior) {
    case 'Contiguous':
      return isMatch[i] === isMatch[i - 1];
    case 'MergedWithPrevious':
      return isMatch[i]! && !isMatch[i - 1]!;
    case 'MergedWithNext':
      // Only the last of several matches in a row joins what follows: the reference folds from the end.
      return isMatch[i - 1]! && !isMatch[i]!;
    default:
      return false;
  }
}

/**
 * Appends the pieces that `matches` cut `text` into, without the empty ones.
 *
 * @param matches - As {@link Pattern.findAll} gives them.
 * @param invert - Whether the matches are the pieces and the rest delimiters.
 */
export function splitByMatches(
  text: NormalizedText,
  matches: readonly number[],
  behavior: SplitBehavior,
  invert: boolean,
  pieces: NormalizedText[],
): void {
  const { length } = text.text;
  if (length === 0) return;
  const { bounds, isMatch } = segmentsOf(length, matches, invert);
  let i = 0;
  while (i < isMatch.length) {
    const first = i++;
    if (behavior === 'Removed' && isMatch[first]!) continue;
    while (i < isMatch.length && joinsPrevious(isMatch, i, behavior)) i++;
    appendSlice(text, bounds[2 * first]!, bounds[2 * i - 1]!, pieces);
  }
}
