import type { PipelineText, RewritableText } from '../pipeline-text.js';
import { DECOMPOSITION } from '../unicode/decomposition.js';
import { toLowercase } from '../unicode/lowercase.js';
import { mapCharacters } from '../unicode/map-characters.js';
import { wellFormed } from '../unicode/well-formed.js';

/** A text without alignments, for pipelines that do not need them. */
export class PlainText implements PipelineText<PlainText>, RewritableText {
  text: string;

  /** @param text - well-formed UTF-16 */
  constructor(text: string) {
    this.text = text;
  }

  /** Makes the text; each lone surrogate becomes U+FFFD, as in a conversion to UTF-8. */
  static of(raw: string): PlainText {
    return new PlainText(wellFormed(raw));
  }

  slice(start: number, end: number): PlainText {
    return new PlainText(this.text.slice(start, end));
  }

  filter(keeps: (codePoint: number) => boolean): void {
    this.map((codePoint) => (keeps(codePoint) ? undefined : ''));
  }

  map(replacementOf: (codePoint: number) => string | undefined): void {
    this.text = mapCharacters(this.text, replacementOf);
  }

  decompose(): void {
    this.text = DECOMPOSITION.of(this.text);
  }

  lowercase(): void {
    this.text = toLowercase(this.text);
  }
}
