import { ModelError } from '../model-error.js';
import type { StaticModel } from '../static-model.js';

/** File names of a model folder. */
export interface Layout {
  readonly name: StaticModel['layout'];
  readonly config: string;
  readonly table: string;
  readonly tokenizer: string;
  /** Names of the table's tensor, in order of preference. The reference knows the first; older files use `0`. */
  readonly tensors: readonly string[];
}

/** In the order of the reference's `FOLDER_LAYOUTS`. */
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

/** Names of all files that can belong to a model. */
export const MODEL_FILES: readonly string[] = [
  'config.json',
  'config_sentence_transformers.json',
  'model.safetensors',
  'tokenizer.json',
];

/** Returns a subfolder as a path prefix: empty, or ending in a slash. Refuses paths that leave the folder. */
export function subfolderPrefix(subfolder: string): string {
  const path = subfolder.replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  if (path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return `${path}/`;
  throw new ModelError(
    'invalid-argument',
    `subfolder ${JSON.stringify(subfolder)} must name a folder inside the source, without ".", ".." and empty parts`,
  );
}
