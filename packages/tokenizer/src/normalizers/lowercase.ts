import type { NormalizedText } from '../normalized-text.js';
import type { Normalizer } from './normalizer.js';

/** Lowercases each character alone. */
export class Lowercase implements Normalizer {
  normalize(text: NormalizedText): void {
    text.lowercase();
  }
}
