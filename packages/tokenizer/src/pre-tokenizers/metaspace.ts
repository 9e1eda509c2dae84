import { LiteralPattern } from '../literal-pattern.js';
import type { NormalizedText } from '../normalized-text.js';
import type { PreTokenizer } from './pre-tokenizer.js';
import { splitByMatches } from './split-behavior.js';

/** When a replacement goes in front of a text that does not begin with one. */
export const PREPEND_SCHEMES = ['always', 'first', 'never'] as const;

/** When a replacement goes in front: of every text, of what begins where the whole text begins, or of none. */
export type PrependScheme = (typeof PREPEND_SCHEMES)[number];

const SPACE = new LiteralPattern(' ');

/** Writes spaces as another character, and cuts before each of these. */
export class Metaspace implements PreTokenizer {
  readonly #replacement: string;
  readonly #occurrences: LiteralPattern;
  readonly #prependScheme: PrependScheme;
  readonly #cuts: boolean;

  /** @param replacement - One character, by convention U+2581. */
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
