import type { NormalizedText } from '../normalized-text.js';
import type { PreTokenizer } from './pre-tokenizer.js';

/** Applies several pre-tokenizers: each cuts the pieces of the one before. */
export class Sequence implements PreTokenizer {
  readonly #steps: readonly PreTokenizer[];

  constructor(steps: readonly PreTokenizer[]) {
    this.#steps = steps;
  }

  split(text: NormalizedText, pieces: NormalizedText[]): void {
    let current = [text];
    for (const step of this.#steps) {
      const next: NormalizedText[] = [];
      for (const piece of current) step.split(piece, next);
      current = next;
    }
    for (const piece of current) pieces.push(piece);
  }
}
