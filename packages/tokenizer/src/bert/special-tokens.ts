import type { TokenModel } from '../models/token-model.js';
import { NO_TOKEN, type TokenFinder } from '../token-finder.js';

/**
 * Added tokens like BERT's: searched in the original text, wherever they are, without white space around them.
 */
export class SpecialTokens implements TokenFinder {
  readonly #ids: Map<string, number> = new Map();
  readonly #tokens: Map<number, string> = new Map();
  /** Longest first, because the longest token at a place wins. */
  readonly #pattern: RegExp;

  constructor(contents: readonly string[], model: TokenModel) {
    let nextId = model.size;
    for (const content of contents) {
      if (content === '' || this.#ids.has(content)) continue;
      const id = model.tokenToId(content) ?? nextId++;
      this.#ids.set(content, id);
      this.#tokens.set(id, content);
    }
    const longestFirst = [...this.#tokens.values()].sort((a, b) => b.length - a.length);
    // Without tokens the pattern matches nothing.
    this.#pattern = new RegExp(longestFirst.map(literal).join('|') || '[]', 'g');
  }

  entries(): IterableIterator<[token: string, id: number]> {
    return this.#ids.entries();
  }

  tokenToId(token: string): number | undefined {
    return this.#ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#tokens.get(id);
  }

  findRaw(text: string): readonly number[] {
    const pattern = this.#pattern;
    const spans: number[] = [];
    let start = 0;
    for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
      if (start < match.index) spans.push(start, match.index, NO_TOKEN);
      start = pattern.lastIndex;
      spans.push(match.index, start, this.#ids.get(match[0])!);
    }
    spans.push(start, text.length, NO_TOKEN);
    return spans;
  }

  findNormalized(text: string): readonly number[] {
    return [0, text.length, NO_TOKEN];
  }
}

function literal(content: string): string {
  return content.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
