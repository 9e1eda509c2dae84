import type { AddedToken } from './added-token.js';
import type { TokenModel } from './models/token-model.js';
import { NormalizedText } from './normalized-text.js';
import type { Normalizer } from './normalizers/normalizer.js';
import { NO_TOKEN, type TokenFinder } from './token-finder.js';
import { type TokenPattern, TokenPatternSet } from './token-pattern.js';
import { TokenizerError, UnsupportedTokenizerError } from './tokenizer-error.js';
import { WHITE_SPACE as REGEX_SPACE } from './unicode/white-space.js';

function codePointBefore(text: string, position: number): number {
  const unit = text.charCodeAt(position - 1);
  const isTrailing = (unit & 0xfc00) === 0xdc00;
  return isTrailing && position > 1 ? text.codePointAt(position - 2)! : unit;
}

/** Whether a code point is a word character. */
export type IsWordCharacter = (codePoint: number) => boolean;

/** Start of the white space that ends at `end`, at least `bound`. All white space has one UTF-16 unit. */
function spaceBefore(text: string, end: number, bound: number): number {
  let start = end;
  while (start > bound && REGEX_SPACE.has(text.charCodeAt(start - 1))) start--;
  return start;
}

function spaceAfter(text: string, start: number): number {
  let end = start;
  while (end < text.length && REGEX_SPACE.has(text.charCodeAt(end))) end++;
  return end;
}

function normalizedContent(content: string, normalizer: Normalizer | undefined): string {
  if (normalizer === undefined) return content;
  const text = NormalizedText.of(content);
  normalizer.normalize(text);
  return text.text;
}

/** Added tokens with all options of `tokenizer.json`. */
export class AddedVocabulary implements TokenFinder {
  readonly #ids: Map<string, number> = new Map();
  readonly #tokens: Map<number, AddedToken> = new Map();
  /** Normalized contents by token, if they differ from the content. */
  readonly #normalizedContents: Map<number, string> = new Map();
  readonly #isWordCharacter: IsWordCharacter;
  readonly #raw: TokenPatternSet | undefined;
  readonly #normalized: TokenPatternSet | undefined;

  /** @param path - JSON path of the tokens, for errors */
  constructor(
    tokens: readonly AddedToken[],
    path: string,
    model: TokenModel,
    normalizer: Normalizer | undefined,
    isWordCharacter: IsWordCharacter,
  ) {
    this.#isWordCharacter = isWordCharacter;
    const indices = new Map<number, number>();
    let nextId = model.size;
    tokens.forEach((token, i) => {
      if (token.content === '') return;
      const id = this.#ids.get(token.content) ?? model.tokenToId(token.content) ?? nextId++;
      if (token.normalized) {
        const content = normalizedContent(token.content, normalizer);
        if (content !== token.content) this.#normalizedContents.set(id, content);
      }
      this.#ids.set(token.content, id);
      this.#tokens.set(id, token);
      indices.set(id, i);
    });
    this.#raw = this.#compile(false, indices, path);
    this.#normalized = this.#compile(true, indices, path);
  }

  entries(): IterableIterator<[token: string, id: number]> {
    return this.#ids.entries();
  }

  tokenToId(token: string): number | undefined {
    return this.#ids.get(token);
  }

  idToToken(id: number): string | undefined {
    return this.#normalizedContents.get(id) ?? this.#tokens.get(id)?.content;
  }

  findRaw(text: string): readonly number[] {
    return this.#find(text, this.#raw);
  }

  findNormalized(text: string): readonly number[] {
    return this.#find(text, this.#normalized);
  }

  #compile(
    normalized: boolean,
    indices: ReadonlyMap<number, number>,
    path: string,
  ): TokenPatternSet | undefined {
    const patterns: TokenPattern[] = [];
    const seen = new Set<string>();
    for (const [id, token] of this.#tokens) {
      if (token.normalized !== normalized) continue;
      const content = (normalized ? this.#normalizedContents.get(id) : undefined) ?? token.content;
      if (content === '' || seen.has(content)) {
        throw new UnsupportedTokenizerError(
          `${path}[${indices.get(id)}]`,
          'AddedToken',
          content === ''
            ? `${JSON.stringify(token.content)} is empty once normalized, so the reference fails on most texts`
            : `${JSON.stringify(token.content)} is ${JSON.stringify(content)} once normalized, as another added token is, ` +
                'and the reference picks one of them at random',
        );
      }
      seen.add(content);
      patterns.push({ content, id });
    }
    return patterns.length === 0 ? undefined : new TokenPatternSet(patterns);
  }

  #find(text: string, patterns: TokenPatternSet | undefined): readonly number[] {
    if (patterns === undefined) return [0, text.length, NO_TOKEN];
    const spans: number[] = [];
    let spanEnd = 0;
    // The last measured run of white space, so that tokens of white space with `rstrip` measure it once.
    let spaceStart = 0;
    let spaceEnd = 0;
    let position = patterns.nextCandidate(text, 0);
    while (position < text.length) {
      const match = patterns.longestAt(text, position);
      if (match === undefined) {
        position = patterns.nextCandidate(text, position + 1);
        continue;
      }
      let start = position;
      let end = position + match.content.length;
      // The search continues after the match, even if a word boundary rejects it.
      position = patterns.nextCandidate(text, end);
      const token = this.#tokens.get(match.id)!;
      if (token.singleWord && this.#touchesWord(text, start, end)) continue;
      if (token.stripsLeft) start = Math.max(spaceBefore(text, start, spanEnd), spanEnd);
      if (token.stripsRight) {
        if (end < spaceStart || end > spaceEnd) {
          spaceStart = end;
          spaceEnd = spaceAfter(text, end);
        }
        end = spaceEnd;
      }
      if (start > end) throw this.#overlap(match.content);
      if (spanEnd < start) spans.push(spanEnd, start, NO_TOKEN);
      spans.push(start, end, match.id);
      spanEnd = end;
    }
    if (spanEnd !== text.length) spans.push(spanEnd, text.length, NO_TOKEN);
    return spans;
  }

  #touchesWord(text: string, start: number, end: number): boolean {
    return (
      (start > 0 && this.#isWordCharacter(codePointBefore(text, start))) ||
      (end < text.length && this.#isWordCharacter(text.codePointAt(end)!))
    );
  }

  #overlap(content: string): TokenizerError {
    return new TokenizerError(
      'invalid-argument',
      `the reference fails on this text: the added token ${JSON.stringify(content)} has "lstrip" and lies within white space ` +
        'that the added token before it strips',
    );
  }
}
