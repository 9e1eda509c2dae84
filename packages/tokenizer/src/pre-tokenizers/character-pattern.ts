import type { Pattern } from '../pattern.js';
import type { CodePointSet } from '../unicode/code-point-set.js';

/** Matches each character of a set alone. */
export class CharacterPattern implements Pattern {
  readonly #characters: CodePointSet;

  constructor(characters: CodePointSet) {
    this.#characters = characters;
  }

  findAll(text: string): readonly number[] {
    const matches: number[] = [];
    for (let i = 0; i < text.length; ) {
      const codePoint = text.codePointAt(i)!;
      const end = i + (codePoint > 0xffff ? 2 : 1);
      if (this.#characters.has(codePoint)) matches.push(i, end);
      i = end;
    }
    return matches;
  }
}
