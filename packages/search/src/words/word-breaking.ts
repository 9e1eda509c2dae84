/** Breaks a text into the words that full-text search compares. */
export type WordBreaker = (text: string) => Iterable<string>;

/** Scripts that are written without spaces. */
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORDS = /[\p{L}\p{M}\p{N}_]+/gu;
const RUNS = new RegExp(`${UNSPACED.source}+|[^${UNSPACED.source.slice(1, -1)}]+`, 'gu');
const ASCII_ONLY = /^[\0-\x7f]*$/;
const ASCII_WORDS = /[0-9a-z_]+/g;

/**
 * Breaks a text into lowercase words: runs of letters, marks, digits and underscores, as the analyzer of Milvus does.
 * Runs of scripts without spaces (Chinese, Japanese, Thai, Lao, Khmer, Burmese) become overlapping pairs of characters,
 * which find any part of such a run.
 *
 * @example
 * ```ts
 * import { wordsOf } from '@model2vec-ts/search';
 *
 * console.log(wordsOf('Café au lait, 東京都')); // ['café', 'au', 'lait', '東京', '京都']
 * ```
 */
export function wordsOf(text: string): readonly string[] {
  const lower = text.toLowerCase();
  if (ASCII_ONLY.test(lower)) return lower.match(ASCII_WORDS) ?? [];
  const words = lower.match(WORDS) ?? [];
  return UNSPACED.test(lower) ? words.flatMap(characterPairs) : words;
}

/**
 * Whether a text has something to search by full text.
 *
 * @example
 * ```ts
 * import { hasWords } from '@model2vec-ts/search/ranking';
 *
 * console.log(hasWords('東京'), hasWords('?! …')); // true false
 * ```
 */
export function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function characterPairs(word: string): string[] {
  if (!UNSPACED.test(word)) return [word];
  return (word.match(RUNS) ?? []).flatMap((run) => {
    if (!UNSPACED.test(run)) return [run];
    const characters = [...run];
    if (characters.length === 1) return characters;
    return characters.slice(1).map((character, i) => characters[i]! + character);
  });
}
