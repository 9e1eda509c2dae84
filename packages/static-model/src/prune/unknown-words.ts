import type { TokenVocabulary } from './token-vocabulary.js';

/**
 * Finds what a smaller WordPiece vocabulary must have as well so that words stay unknown. A word is unknown where the
 * longest match leads to a dead end; without the tokens that lead there, shorter matches may get through.
 *
 * @param expected - ids of a text before, by the larger vocabulary
 * @param found - ids of it now, in the larger vocabulary's numbers
 * @returns tokens on the way to the dead ends, or `undefined` where the difference has another reason
 */
export function tokensToDeadEnds(
  expected: Uint32Array,
  found: Uint32Array,
  vocabulary: TokenVocabulary,
): ReadonlySet<string> | undefined {
  const { ids, tokens, model } = vocabulary;
  const unknown = typeof model.unk_token === 'string' ? ids.get(model.unk_token) : undefined;
  const prefix = continuingPrefix(vocabulary);
  const needed = new Set<string>();
  let at = 0;
  for (const id of expected) {
    if (found[at] === id) {
      at++;
      continue;
    }
    if (id !== unknown || at === found.length) return undefined;
    let word = tokens.get(found[at++]!)!;
    for (; at < found.length; at++) {
      const token = tokens.get(found[at]!)!;
      if (!token.startsWith(prefix)) break;
      word += token.slice(prefix.length);
    }
    for (const token of longestMatches(word, vocabulary.modelIds, prefix)) needed.add(token);
  }
  return at === found.length ? needed : undefined;
}

function continuingPrefix({ model }: TokenVocabulary): string {
  return typeof model.continuing_subword_prefix === 'string' ? model.continuing_subword_prefix : '##';
}

/** Tokens that the longest match takes from a word's start, as far as it gets. */
function longestMatches(word: string, ids: ReadonlyMap<string, number>, prefix: string): string[] {
  const characters = Array.from(word);
  const matches: string[] = [];
  for (let start = 0; start < characters.length; ) {
    let end = characters.length;
    const tokenTo = (stop: number): string =>
      (start > 0 ? prefix : '') + characters.slice(start, stop).join('');
    while (end > start && !ids.has(tokenTo(end))) end--;
    if (end === start) break;
    matches.push(tokenTo(end));
    start = end;
  }
  return matches;
}
