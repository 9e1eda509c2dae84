import type { NormalizedText } from '../normalized-text.js';
import type { Normalizer } from './normalizer.js';

/** Inserts a text before every text that is not empty. */
export class Prepend implements Normalizer {
  readonly #content: string;

  constructor(content: string) {
    this.#content = content;
  }

  normalize(text: NormalizedText): void {
    text.prepend(this.#content);
  }
}
