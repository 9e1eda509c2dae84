import type { TokenVocabulary } from './token-vocabulary.js';

/**
 * Finds the tokens that a pruned WordPiece vocabulary must keep so that unknown words stay unknown. A word is unknown
 * if the longest match leads to a dead end; without the tokens on that path, shorter matches may succeed.
 *
 * @param expected - ids of a text in the full vocabulary
 * @param found - ids of the text after pruning, numbered as in the full vocabulary
 * @returns tokens on the paths to the dead ends, or `undefined` if the difference has another cause
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

/** Tokens that the longest match takes from the start of a word, until it gets stuck. */
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
