import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import texts from './texts.json';

const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
const embeddings = await embedder.encodeDocuments(texts);
globalThis.answer = { kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) };
await embedder.close();
