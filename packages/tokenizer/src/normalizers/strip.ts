import { expandSteps, type NormalizedText } from '../normalized-text.js';
import { WHITE_SPACE } from '../unicode/white-space.js';
import type { Normalizer } from './normalizer.js';

/** Removes white space at one or both ends of a text. */
export class Strip implements Normalizer {
  readonly #left: boolean;
  readonly #right: boolean;

  constructor(left: boolean, right: boolean) {
    this.#left = left;
    this.#right = right;
  }

  normalize(text: NormalizedText): void {
    const before = text.text;
    // All white space is in the first plane, so units are characters here.
    let start = 0;
    let end = before.length;
    if (this.#left) while (start < end && WHITE_SPACE.has(before.charCodeAt(start))) start++;
    if (this.#right) while (end > start && WHITE_SPACE.has(before.charCodeAt(end - 1))) end--;
    if (end - start === before.length) return;
    const stripped = before.slice(start, end);
    text.transform(stripped, () => expandSteps(stripped, () => undefined), start);
  }
}
