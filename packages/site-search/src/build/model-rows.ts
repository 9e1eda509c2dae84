import { loadStaticModel, type ModelSource, quantizeModel } from '@model2vec-ts/static-model';
import type { BertNormalizerOptions } from '@model2vec-ts/tokenizer/bert-words';
import type { QueryTokenizer } from '../format/manifest.js';
import { SiteSearchError } from '../site-search-error.js';

/** Tokens of a model with their rows in int8. */
export interface ModelRows {
  readonly tokenizer: QueryTokenizer;
  readonly tokens: readonly string[];
  /** `tokens × dim`, row-major. */
  readonly rows: Int8Array;
  readonly dim: number;
}

/**
 * Loads a model for queries in a page. Its rows can be loaded one by one only if the tokenizer is BERT's: the tokens of a
 * word then depend on the word alone.
 */
export async function loadModelRows(source: ModelSource, dimensions: number): Promise<ModelRows> {
  const model = await loadStaticModel(source);
  const dimensionality = Math.min(dimensions, model.table.dim);
  const { table, tokenizerJson, origin } = await quantizeModel(model, { dtype: 'int8', dimensionality });
  const { tokenizer, vocabulary } = bertTokenizer(tokenizerJson, origin);
  const { dim, mapping, weights } = table;
  const data = table.data as Int8Array;
  let largest = weights === undefined ? 1 : 0;
  for (const weight of weights ?? []) largest = Math.max(largest, Math.abs(weight));
  const rows = new Int8Array(vocabulary.length * dim);
  vocabulary.forEach(([, id], i) => {
    const row = mapping?.[id] ?? id;
    const weight = (weights?.[id] ?? 1) / largest;
    for (let column = 0; column < dim; column++) {
      rows[i * dim + column] = Math.round(data[row * dim + column]! * weight);
    }
  });
  return { tokenizer, tokens: vocabulary.map(([token]) => token), rows, dim };
}

function bertTokenizer(
  bytes: Uint8Array,
  origin: string,
): { readonly tokenizer: QueryTokenizer; readonly vocabulary: readonly (readonly [string, number])[] } {
  const json: TokenizerJson = JSON.parse(new TextDecoder().decode(bytes));
  const { normalizer, pre_tokenizer, model, added_tokens = [] } = json;
  if (
    normalizer?.type !== 'BertNormalizer' ||
    pre_tokenizer?.type !== 'BertPreTokenizer' ||
    model.type !== 'WordPiece'
  ) {
    throw new SiteSearchError(
      'unsupported-model',
      `the tokenizer of ${origin} is not BERT's (BertNormalizer, BertPreTokenizer, WordPiece): use a model with that tokenizer`,
    );
  }
  const special = new Set(added_tokens.map(({ content }) => content));
  return {
    tokenizer: {
      normalizer: {
        cleansText: normalizer.clean_text,
        separatesChinese: normalizer.handle_chinese_chars,
        stripsAccents: normalizer.strip_accents ?? normalizer.lowercase,
        lowercases: normalizer.lowercase,
      } satisfies BertNormalizerOptions,
      continuingSubwordPrefix: model.continuing_subword_prefix,
      maxCharactersPerWord: model.max_input_chars_per_word,
    },
    vocabulary: Object.entries(model.vocab).filter(([token]) => !special.has(token)),
  };
}

/** The parts of a `tokenizer.json` that are read here; loading the model has checked them. */
interface TokenizerJson {
  readonly added_tokens?: readonly { readonly content: string }[];
  readonly normalizer?: {
    readonly type: string;
    readonly clean_text: boolean;
    readonly handle_chinese_chars: boolean;
    readonly lowercase: boolean;
    readonly strip_accents?: boolean | null;
  } | null;
  readonly pre_tokenizer?: { readonly type: string } | null;
  readonly model: {
    readonly type: string;
    readonly vocab: Readonly<Record<string, number>>;
    readonly continuing_subword_prefix: string;
    readonly max_input_chars_per_word: number;
  };
}
