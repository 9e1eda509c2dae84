import type { NormalizedText } from '../normalized-text.js';
import type { Normalizer } from './normalizer.js';

/** Lowercases every character on its own. */
export class Lowercase implements Normalizer {
  normalize(text: NormalizedText): void {
    text.lowercase();
  }
}
