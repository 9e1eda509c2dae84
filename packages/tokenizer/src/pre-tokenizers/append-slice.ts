import type { PipelineText } from '../pipeline-text.js';

/**
 * Appends one piece of `text`, unless it is empty.
 *
 * The whole text is cut out as well, as in the reference: a piece can begin elsewhere in the original than the text
 * that it is all of, where a normalizer has dropped what came first.
 */
export function appendSlice<Text extends PipelineText<Text>>(
  text: Text,
  start: number,
  end: number,
  pieces: Text[],
): void {
  if (start !== end) pieces.push(text.slice(start, end));
}
