import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { type EncodeFlags, loadOptions, modelSource, tokenLimit } from './model-flags.js';

/** Loads the model that the flags choose, with their settings. */
export function createEmbedder(flags: EncodeFlags): Promise<Model2VecEmbeddingFunction> {
  return Model2VecEmbeddingFunction.create({
    modelSource: modelSource(flags),
    ...loadOptions(flags),
    batchSize: flags.batchSize,
    ...(flags.maxLength !== undefined && { maxLength: tokenLimit(flags.maxLength) }),
    ...(flags.normalize !== undefined && { normalize: flags.normalize }),
    ...(flags.kernel !== undefined && { kernel: flags.kernel }),
    ...(flags.threads !== undefined && { threads: flags.threads }),
  });
}
