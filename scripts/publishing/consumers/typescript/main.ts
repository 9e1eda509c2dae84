import { readFileSync } from 'node:fs';
import {
  type CreateOptions,
  type EmbeddingFunction,
  Model2VecEmbeddingFunction,
} from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

const texts: readonly string[] = JSON.parse(readFileSync('texts.json', 'utf8'));
const options: CreateOptions = { modelSource: minilmL6, batchSize: 2 };
const embedder = await Model2VecEmbeddingFunction.create(options);
const narrow: EmbeddingFunction = embedder;
const embeddings: Float32Array[] = await narrow.encodeDocuments(texts);
console.log(JSON.stringify({ kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) }));
await embedder.close();
