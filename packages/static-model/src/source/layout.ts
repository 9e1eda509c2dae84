import { ModelError } from '../model-error.js';
import type { StaticModel } from '../static-model.js';

/** Where a folder keeps the files of a model. */
export interface Layout {
  readonly name: StaticModel['layout'];
  readonly config: string;
  readonly table: string;
  readonly tokenizer: string;
  /** Names of the table's tensor, first that is there. The reference knows the first; older files have `0`. */
  readonly tensors: readonly string[];
}

/** In the order of trial: the reference's `FOLDER_LAYOUTS`. */
export const LAYOUTS: readonly Layout[] = [
  {
    name: 'model2vec',
    config: 'config.json',
    table: 'model.safetensors',
    tokenizer: 'tokenizer.json',
    tensors: ['embeddings', 'embedding.weight', '0'],
  },
  {
    name: 'sentence-transformers',
    config: 'config_sentence_transformers.json',
    table: 'model.safetensors',
    tokenizer: 'tokenizer.json',
    tensors: ['embedding.weight', 'embeddings', '0'],
  },
  {
    name: 'static-embedding',
    config: 'config_sentence_transformers.json',
    table: '0_StaticEmbedding/model.safetensors',
    tokenizer: '0_StaticEmbedding/tokenizer.json',
    tensors: ['embedding.weight', 'embeddings', '0'],
  },
];

/** Names of the files that a model consists of. */
export const MODEL_FILES: readonly string[] = [
  'config.json',
  'config_sentence_transformers.json',
  'model.safetensors',
  'tokenizer.json',
];

/** A subfolder as the start of a path: empty, or ending in a slash. It may not lead out of its folder. */
export function subfolderPrefix(subfolder: string): string {
  const path = subfolder.replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  if (path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return `${path}/`;
  throw new ModelError(
    'invalid-argument',
    `subfolder ${JSON.stringify(subfolder)} must name a folder inside the source, without ".", ".." and empty parts`,
  );
}
