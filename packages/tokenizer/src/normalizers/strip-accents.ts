import type { NormalizedText } from '../normalized-text.js';
import { COMBINING_MARK } from '../unicode/combining-mark.js';
import type { Normalizer } from './normalizer.js';

function isNotMark(codePoint: number): boolean {
  return !COMBINING_MARK.has(codePoint);
}

/** Removes all combining marks, also spacing and enclosing ones, without decomposing. */
export class StripAccents implements Normalizer {
  normalize(text: NormalizedText): void {
    text.filter(isNotMark);
  }
}
