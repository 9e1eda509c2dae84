import type { ChunkRuleParts } from '../fast/chunk-rule.js';
import type { FastPath } from '../fast/fast-path.js';
import { WordPiece } from '../models/word-piece.js';
import { BertNormalizer } from '../normalizers/bert-normalizer.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert-pre-tokenizer.js';
import type { Tokenizer } from '../tokenizer.js';
import { TokenizerPipeline } from '../tokenizer-pipeline.js';
import type { BertJson } from './bert-json.js';
import { PlainText } from './plain-text.js';
import { SpecialTokens } from './special-tokens.js';

/**
 * Makes BERT's tokenizer, which most published static models have, with only the code that it needs. The code that reads
 * every other tokenizer and explains malformed files is four times as large.
 *
 * @param fastPath - finds the fast path; `undefined` for none
 */
export function bertTokenizer(json: BertJson, fastPath?: FastPath): Tokenizer {
  const { added_tokens = [], normalizer, model } = json;
  const { clean_text, handle_chinese_chars, lowercase, strip_accents } = normalizer;
  const wordPiece = new WordPiece(model.vocab, {
    unknownToken: model.unk_token,
    continuingSubwordPrefix: model.continuing_subword_prefix,
    maxCharactersPerWord: model.max_input_chars_per_word,
  });
  const parts = {
    textOf: PlainText.of,
    addedTokens: new SpecialTokens(
      added_tokens.map(({ content }) => content),
      wordPiece,
    ),
    normalizer: new BertNormalizer({
      cleansText: clean_text,
      separatesChinese: handle_chinese_chars,
      stripsAccents: strip_accents ?? lowercase,
      lowercases: lowercase,
    }),
    preTokenizer: new BertPreTokenizer<PlainText>(),
    model: wordPiece,
  };
  const pipeline = new TokenizerPipeline<PlainText>(parts);
  return fastPath?.<PlainText>(json, parts, pipeline, NO_PARTS) ?? pipeline;
}

/** BERT has neither a pattern nor a normalizer of grapheme clusters. */
const NO_PARTS: ChunkRuleParts = {
  borderBehaviorOfRegex: () => 'crosses',
  clusterEnd: (text) => text.length,
};
