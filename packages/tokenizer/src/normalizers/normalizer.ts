import type { NormalizedText } from '../normalized-text.js';

/** Rewrites a text in place before it is split, as the reference's `Normalizer` does. */
export interface Normalizer<Text = NormalizedText> {
  /** What it does one after the other, where it is a sequence. */
  readonly steps?: readonly Normalizer<Text>[];
  normalize(text: Text): void;
}
