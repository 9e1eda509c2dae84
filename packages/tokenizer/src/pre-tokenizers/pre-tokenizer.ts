import type { NormalizedText } from '../normalized-text.js';

/** Cuts a normalized text into the pieces that the model sees one by one, as the reference's `PreTokenizer` does. */
export interface PreTokenizer<Text = NormalizedText> {
  /** Appends the pieces of `text` in order, none of them empty. `text` itself may be changed and may be one of them. */
  split(text: Text, pieces: Text[]): void;
}
