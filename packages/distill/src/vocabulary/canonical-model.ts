import type { JsonObject } from '../teacher/teacher-files.js';
import type { Merge } from './merges.js';

/** The part of a model that depends on its vocabulary. */
export interface ModelVocabulary {
  readonly ids: ReadonlyMap<string, number>;
  readonly merges: readonly Merge[];
  readonly unknown: string | undefined;
  /** Of Unigram. */
  readonly unknownId: number | undefined;
  /** Tokens and scores, of Unigram. */
  readonly entries: readonly (readonly [string, number])[];
}

/** The `model` of a `tokenizer.json` with every key that the tokenizers library writes, in its order. */
export function canonicalModel(
  model: JsonObject,
  family: 'WordPiece' | 'WordLevel' | 'BPE' | 'Unigram',
  { ids, merges, unknown, unknownId, entries }: ModelVocabulary,
): JsonObject {
  switch (family) {
    case 'WordPiece':
      return {
        type: family,
        unk_token: unknown,
        continuing_subword_prefix: model.continuing_subword_prefix ?? '##',
        max_input_chars_per_word: model.max_input_chars_per_word ?? 100,
        vocab: vocabularyOf(ids),
      };
    case 'WordLevel':
      return { type: family, vocab: vocabularyOf(ids), unk_token: unknown };
    case 'BPE':
      return {
        type: family,
        dropout: model.dropout ?? null,
        unk_token: unknown ?? null,
        continuing_subword_prefix: model.continuing_subword_prefix ?? null,
        end_of_word_suffix: model.end_of_word_suffix ?? null,
        fuse_unk: model.fuse_unk ?? false,
        byte_fallback: model.byte_fallback ?? false,
        ignore_merges: model.ignore_merges ?? false,
        vocab: vocabularyOf(ids),
        merges,
      };
    case 'Unigram':
      return {
        type: family,
        unk_id: unknownId ?? null,
        vocab: entries,
        byte_fallback: model.byte_fallback ?? false,
      };
  }
}

/** Not by assignment, since a token may be `__proto__`; integer keys come first, whatever their id. */
function vocabularyOf(ids: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries(ids);
}
