import { readFileSync } from 'node:fs';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

// With MODEL, the model comes from a folder, since esbuild does not copy files.
const modelSource = process.env.MODEL ?? minilmL6;
const texts = JSON.parse(readFileSync('texts.json', 'utf8'));
const embedder = await Model2VecEmbeddingFunction.create({ modelSource, threads: 2 });
// Enough texts for a second thread, three times: a bundle without the worker's file must warn once.
for (let call = 0; call < 3; call++)
  await embedder.encode(Array.from({ length: 20_000 }, (_, i) => `text ${i}`));
const embeddings = await embedder.encodeDocuments(texts);
console.log(JSON.stringify({ kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) }));
await embedder.close();
