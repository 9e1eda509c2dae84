import type { NormalizedText } from '../normalized-text.js';

/** Rewrites a text in place before it is split, as the reference's `Normalizer` does. */
export interface Normalizer {
  normalize(text: NormalizedText): void;
}
