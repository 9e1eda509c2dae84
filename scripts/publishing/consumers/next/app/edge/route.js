import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import texts from '../../texts.json';

// Next's edge runtime has no files, so the model comes from the address in the request.
export const runtime = 'edge';

export async function GET(request) {
  const modelSource = new URL(new URL(request.url).searchParams.get('model'));
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource });
  const embeddings = await embedder.encodeDocuments(texts);
  const answer = { kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) };
  await embedder.close();
  return Response.json(answer);
}
