import { wordsOf } from '@model2vec-ts/search/ranking';

/** Breaks a text into the words of the index: those of full-text search, with English plurals in the singular. */
export function searchWords(text: string): readonly string[] {
  return wordsOf(text).map(singular);
}

function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || word.endsWith('ss')) return word;
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.slice(0, -1);
}
