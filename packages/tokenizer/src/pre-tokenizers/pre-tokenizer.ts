import type { NormalizedText } from '../normalized-text.js';

/** Cuts a normalized text into pieces for the model, like the reference's `PreTokenizer`. */
export interface PreTokenizer<Text = NormalizedText> {
  /** Appends the pieces of `text` in order, without empty ones. May change `text`, and may append it. */
  split(text: Text, pieces: Text[]): void;
}
