import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import texts from '../../texts.json';

// A request at a time makes an answer; a build does not.
export const dynamic = 'force-dynamic';

export async function GET() {
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const embeddings = await embedder.encodeDocuments(texts);
  const answer = { kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) };
  await embedder.close();
  return Response.json(answer);
}
