import type { NormalizedText } from '../normalized-text.js';
import { appendSlice } from './append-slice.js';

/** How to treat the matches of a pattern: the reference's `SplitDelimiterBehavior`. */
export const SPLIT_BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

/** How to treat the matches of a pattern. */
export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number];

/** Segments of the whole text, `[start0, end0, start1, …]`: matches and the text between them. */
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

/** Whether segment `i` joins the one before. */
function joinsPrevious(isMatch: readonly boolean[], i: number, behavior: SplitBehavior): boolean {
  if (i === 0) return false;
  switch (behavior) {
    case 'Contiguous':
      return isMatch[i] === isMatch[i - 1];
    case 'MergedWithPrevious':
      return isMatch[i]! && !isMatch[i - 1]!;
    case 'MergedWithNext':
      // Only the last of several adjacent matches joins the text after it, because the reference folds from the end.
      return isMatch[i - 1]! && !isMatch[i]!;
    default:
      return false;
  }
}

/**
 * Appends the pieces into which `matches` cut `text`, without empty ones.
 *
 * @param matches - from {@link Pattern.findAll}
 * @param invert - whether matches are pieces and the rest delimiters
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
