import type { NormalizedText } from '../normalized-text.js';
import type { Pattern } from '../pattern.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import { type SplitBehavior, splitByMatches } from './split-behavior.js';

/**
 * Cuts at the matches of a pattern. `Split`, `Punctuation`, `Digits`, `WhitespaceSplit` and `CharDelimiterSplit` only
 * differ in their pattern.
 */
export class Split implements PreTokenizer {
  readonly #pattern: Pattern;
  readonly #behavior: SplitBehavior;
  readonly #invert: boolean;

  constructor(pattern: Pattern, behavior: SplitBehavior, invert: boolean) {
    this.#pattern = pattern;
    this.#behavior = behavior;
    this.#invert = invert;
  }

  split(text: NormalizedText, pieces: NormalizedText[]): void {
    splitByMatches(text, this.#pattern.findAll(text.text), this.#behavior, this.#invert, pieces);
  }
}
