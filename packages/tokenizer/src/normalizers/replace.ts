import type { NormalizedText } from '../normalized-text.js';
import type { Pattern } from '../pattern.js';
import type { Normalizer } from './normalizer.js';

/** Replaces every match with a text. */
export class Replace implements Normalizer {
  readonly #pattern: Pattern;
  readonly #content: string;

  constructor(pattern: Pattern, content: string) {
    this.#pattern = pattern;
    this.#content = content;
  }

  normalize(text: NormalizedText): void {
    text.replace(this.#pattern, this.#content);
  }
}
