import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

/** The bundled model. */
export const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
