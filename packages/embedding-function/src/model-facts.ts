import type { StaticModel } from '@model2vec-ts/static-model';
import type { Tokenizer } from '@model2vec-ts/tokenizer';

/** Facts about a model, independent of the embedder's settings. */
export interface ModelFacts {
  /** Layout of its files. */
  readonly layout: StaticModel['layout'];
  /** Number of vectors in the table. */
  readonly rows: number;
  /** Element type of the table. */
  readonly dtype: StaticModel['table']['dtype'];
  /** Whether several tokens share a vector. */
  readonly mapped: boolean;
  /** Whether tokens have weights in addition to vectors. */
  readonly weighted: boolean;
  /** Number of tokens in the vocabulary. */
  readonly vocabularySize: number;
  /** Type of the model in `tokenizer.json`. */
  readonly tokenizerFamily: Tokenizer['family'];
  /** Median length of tokens in code points. Long texts are cut to a multiple of it before tokenization. */
  readonly medianTokenLength: number;
}

/** Returns the facts of a loaded model. */
export function modelFacts({ layout, table }: StaticModel, tokenizer: Tokenizer): ModelFacts {
  return {
    layout,
    rows: table.rows,
    dtype: table.dtype,
    mapped: table.mapping !== undefined,
    weighted: table.weights !== undefined,
    vocabularySize: tokenizer.vocabularySize,
    tokenizerFamily: tokenizer.family,
    medianTokenLength: tokenizer.medianTokenLength,
  };
}
