// A program for Node without the types of browsers.
import { KernelError, Model2VecEmbeddingFunction, type ThreadLimit } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

export async function embed(texts: readonly string[]): Promise<Float32Array[]> {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const limit: ThreadLimit | undefined = embedder.threadLimit;
  if (limit?.code === 'kernel') console.warn(limit.kernel);
  try {
    return await embedder.encodeDocuments(texts);
  } catch (error) {
    if (KernelError.isInstance(error)) console.error(error.summary, error.remedy?.code);
    throw error;
  }
}
