import type { BytePair } from './byte-pair.js';
import type { Unigram } from './unigram.js';
import type { WordLevel } from './word-level.js';
import type { WordPiece } from './word-piece.js';

/** Every model of `tokenizer.json`, by its `family`. */
export type AnyModel = BytePair | Unigram | WordLevel | WordPiece;
