import type { StaticModel } from '@model2vec-ts/static-model';
import type { Tokenizer } from '@model2vec-ts/tokenizer';

/** What a model is, whatever the embedder's settings. */
export interface ModelFacts {
  /** Which of the three folder layouts its files have. */
  readonly layout: StaticModel['layout'];
  /** Vectors of the table. */
  readonly rows: number;
  /** Element type of the table. */
  readonly dtype: StaticModel['table']['dtype'];
  /** Whether several tokens share vectors. */
  readonly mapped: boolean;
  /** Whether tokens have weights beside their vectors. */
  readonly weighted: boolean;
  /** Tokens that the tokenizer knows. */
  readonly vocabularySize: number;
  /** Family of the tokenizer, as `tokenizer.json` names it. */
  readonly tokenizerFamily: Tokenizer['family'];
  /** Characters of the tokens' median, by which long texts are cut before they are tokenized. */
  readonly medianTokenLength: number;
}

/** The facts of a loaded model. */
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
