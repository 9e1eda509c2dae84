import { readFileSync } from 'node:fs';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

const texts = JSON.parse(readFileSync('texts.json', 'utf8'));
const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
const embeddings = await embedder.encodeDocuments(texts);
console.log(JSON.stringify({ kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) }));
await embedder.close();
