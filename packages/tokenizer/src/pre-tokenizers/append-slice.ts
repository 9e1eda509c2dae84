import type { NormalizedText } from '../normalized-text.js';

/**
 * Appends one piece of `text`, unless it is empty.
 *
 * The whole text is cut out as well, as in the reference: a piece can begin elsewhere in the original than the text
 * that it is all of, where a normalizer has dropped what came first.
 */
export function appendSlice(
  text: NormalizedText,
  start: number,
  end: number,
  pieces: NormalizedText[],
): void {
  if (start !== end) pieces.push(text.slice(start, end));
}
