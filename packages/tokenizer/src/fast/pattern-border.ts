import { WHITE_SPACE } from '../unicode/white-space.js';

/**
 * How a pattern behaves at a border: between a character that is no white space and a space.
 *
 * - `crosses`: a match can go across, or depend on what is on the other side.
 * - `respects`: what matches before the border and what matches after it is the same when the text is cut there.
 * - `starts`: that, and a match starts at every border.
 */
export type BorderBehavior = 'crosses' | 'respects' | 'starts';

/** {@link BorderBehavior} of literal text: the matches of a text that holds no border cannot go across one. */
export function borderBehaviorOfLiteral(literal: string): BorderBehavior {
  if (literal === '' || bordersOf(literal).length > 0) return 'crosses';
  return literal === ' ' ? 'starts' : 'respects';
}

/** Where spaces are in a text, but for its beginning. */
export function spacesOf(text: string): readonly number[] {
  const spaces: number[] = [];
  for (let i = text.indexOf(' ', 1); i !== -1; i = text.indexOf(' ', i + 1)) spaces.push(i);
  return spaces;
}

/** Where borders are in a text. */
export function bordersOf(text: string): readonly number[] {
  // White space has no character beyond the first plane, so that units are characters here.
  return spacesOf(text).filter((space) => !WHITE_SPACE.has(text.charCodeAt(space - 1)));
}
