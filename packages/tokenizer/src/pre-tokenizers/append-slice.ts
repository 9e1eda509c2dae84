import type { PipelineText } from '../pipeline-text.js';

/**
 * Appends a piece of `text`, unless it is empty.
 *
 * Slices also if the piece is the whole text, as the reference does: after a normalizer dropped leading text, the slice
 * begins at another place of the original than the text.
 */
export function appendSlice<Text extends PipelineText<Text>>(
  text: Text,
  start: number,
  end: number,
  pieces: Text[],
): void {
  if (start !== end) pieces.push(text.slice(start, end));
}
