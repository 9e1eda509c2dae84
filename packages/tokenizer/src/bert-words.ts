/**
 * The words of BERT's tokenizers, for programs that hold only a part of a vocabulary.
 * @module
 */
import { PlainText } from './bert/plain-text.js';
import { BertNormalizer, type BertNormalizerOptions } from './normalizers/bert-normalizer.js';
import { BertPreTokenizer } from './pre-tokenizers/bert-pre-tokenizer.js';

export type { BertNormalizerOptions };

/**
 * Breaks a text into the words and punctuation that WordPiece then splits: BERT's normalizer and pre-tokenizer.
 *
 * @example
 * ```ts
 * import { bertWords } from '@model2vec-ts/tokenizer/bert-words';
 *
 * const options = { cleansText: true, separatesChinese: true, stripsAccents: true, lowercases: true };
 * console.log(bertWords('Where is the Café?', options)); // ['where', 'is', 'the', 'cafe', '?']
 * ```
 */
export function bertWords(text: string, options: BertNormalizerOptions): string[] {
  const normalized = PlainText.of(text);
  new BertNormalizer(options).normalize(normalized);
  const words: PlainText[] = [];
  new BertPreTokenizer<PlainText>().split(normalized, words);
  return words.map((word) => word.text);
}
