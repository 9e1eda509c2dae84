import type { NormalizedText } from '../normalized-text.js';

/** Rewrites a text in place before it is split, like the reference's `Normalizer`. */
export interface Normalizer<Text = NormalizedText> {
  /** Its normalizers in order, if it is a sequence. */
  readonly steps?: readonly Normalizer<Text>[];
  normalize(text: Text): void;
}
