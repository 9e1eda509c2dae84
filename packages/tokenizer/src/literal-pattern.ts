import type { Pattern } from './pattern.js';

/** Matches a text literally. The empty text matches before every character and at the end, like a regular expression. */
export class LiteralPattern implements Pattern {
  readonly #literal: string;

  constructor(literal: string) {
    this.#literal = literal;
  }

  findAll(text: string): readonly number[] {
    const { length } = this.#literal;
    const matches: number[] = [];
    if (length === 0) {
      for (let i = 0; i <= text.length; i += (text.codePointAt(i) ?? 0) > 0xffff ? 2 : 1) matches.push(i, i);
      return matches;
    }
    for (let i = text.indexOf(this.#literal); i !== -1; i = text.indexOf(this.#literal, i + length)) {
      matches.push(i, i + length);
    }
    return matches;
  }
}
