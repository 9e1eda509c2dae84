/**
 * The files of the bundled model: all-MiniLM-L6-v2 distilled and adapted, 256 int8 dimensions, 8 MB in all.
 *
 * Pass it to the embedding function as `modelSource`. Files are read only then, and nothing is ever downloaded. Each
 * address is written as `new URL('…', import.meta.url)`, because bundlers recognise and copy files in this form.
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
 *
 * const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
 * const [embedding] = await embedder.encodeDocuments(['Alan Turing was born in London.']);
 * ```
 */
export const minilmL6: Readonly<Record<'config.json' | 'model.safetensors' | 'tokenizer.json', URL>> = {
  'config.json': new URL('../model/config.json', import.meta.url),
  'model.safetensors': new URL('../model/model.safetensors', import.meta.url),
  'tokenizer.json': new URL('../model/tokenizer.json', import.meta.url),
};
