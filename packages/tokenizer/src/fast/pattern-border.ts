import { WHITE_SPACE } from '../unicode/white-space.js';

/**
 * How a pattern behaves at a border: between a character that is not white space and a space.
 *
 * - `crosses`: a match can extend across the border, or depend on the other side.
 * - `respects`: cutting the text there changes no match on either side.
 * - `starts`: like `respects`, and a match starts at every border.
 */
export type BorderBehavior = 'crosses' | 'respects' | 'starts';

/** {@link BorderBehavior} of literal text. Its matches cannot cross a border unless it contains one. */
export function borderBehaviorOfLiteral(literal: string): BorderBehavior {
  if (literal === '' || bordersOf(literal).length > 0) return 'crosses';
  return literal === ' ' ? 'starts' : 'respects';
}

/** Positions of spaces in a text, except at its start. */
export function spacesOf(text: string): readonly number[] {
  const spaces: number[] = [];
  for (let i = text.indexOf(' ', 1); i !== -1; i = text.indexOf(' ', i + 1)) spaces.push(i);
  return spaces;
}

/** Positions of borders in a text. */
export function bordersOf(text: string): readonly number[] {
  // White space is in the first plane only, so units are characters here.
  return spacesOf(text).filter((space) => !WHITE_SPACE.has(text.charCodeAt(space - 1)));
}
