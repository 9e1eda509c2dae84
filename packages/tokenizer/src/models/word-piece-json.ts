import { type JsonObject, readCount } from '../json/json-reader.js';
import { readText, readVocabulary } from './vocabulary-json.js';
import { WordPiece } from './word-piece.js';

/** Reads a WordPiece model of `tokenizer.json`. */
export function readWordPiece(json: JsonObject, path: string): WordPiece {
  return new WordPiece(readVocabulary(json.vocab, `${path}.vocab`), {
    unknownToken: readText(json.unk_token, `${path}.unk_token`),
    continuingSubwordPrefix: readText(json.continuing_subword_prefix, `${path}.continuing_subword_prefix`),
    maxCharactersPerWord: readCount(
      json.max_input_chars_per_word,
      `${path}.max_input_chars_per_word`,
      2 ** 64,
    ),
  });
}
