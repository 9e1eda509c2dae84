import { LiteralPattern } from '../literal-pattern.js';
import type { NormalizedText } from '../normalized-text.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import { splitByMatches } from './split-behavior.js';

/** When to insert a replacement before a text that does not begin with one. */
export const PREPEND_SCHEMES = ['always', 'first', 'never'] as const;

/** Where to insert it: before every text, before the piece at the original's start, or nowhere. */
export type PrependScheme = (typeof PREPEND_SCHEMES)[number];

const SPACE = new LiteralPattern(' ');

/** Replaces spaces with another character, and cuts before each of those. */
export class Metaspace implements PreTokenizer {
  readonly #replacement: string;
  readonly #occurrences: LiteralPattern;
  readonly #prependScheme: PrependScheme;
  readonly #cuts: boolean;

  /** @param replacement - one character, by convention U+2581 */
  constructor(replacement: string, prependScheme: PrependScheme, cuts: boolean) {
    this.#replacement = replacement;
    this.#occurrences = new LiteralPattern(replacement);
    this.#prependScheme = prependScheme;
    this.#cuts = cuts;
  }

  split(text: NormalizedText, pieces: NormalizedText[]): void {
    text.replace(SPACE, this.#replacement);
    const prepends = this.#prependScheme === 'always' || (this.#prependScheme === 'first' && text.atOrigin);
    if (prepends && !text.text.startsWith(this.#replacement)) text.prepend(this.#replacement);
    if (this.#cuts) {
      splitByMatches(text, this.#occurrences.findAll(text.text), 'MergedWithNext', false, pieces);
    } else if (text.text !== '') {
      pieces.push(text);
    }
  }
}
