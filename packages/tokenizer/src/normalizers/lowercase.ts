import { expandSteps, type NormalizedText } from '../normalized-text.js';
import { lowercaseOf, toLowercase } from '../unicode/lowercase.js';
import type { Normalizer } from './normalizer.js';

/** Lowercases every character on its own. */
export class Lowercase implements Normalizer {
  normalize(text: NormalizedText): void {
    const before = text.text;
    text.transform(toLowercase(before), () => expandSteps(before, lowercaseOf));
  }
}
