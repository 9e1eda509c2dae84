import type { IsWordCharacter } from './added-vocabulary.js';
import type { ChunkRuleParts } from './fast/chunk-rule.js';
import type { AnyModel } from './models/any-model.js';
import type { Normalizer } from './normalizers/normalizer.js';
import type { PreTokenizer } from './pre-tokenizers/pre-tokenizer.js';

/** What reads the parts of a `tokenizer.json`, and brings along their code. */
export interface TokenizerComponents extends ChunkRuleParts {
  readNormalizer(value: unknown, path: string): Normalizer;
  readPreTokenizer(value: unknown, path: string): PreTokenizer;
  readonly isWordCharacter: IsWordCharacter;
  readModel(value: unknown, path: string): AnyModel;
}
