const { readFileSync } = require('node:fs');
const { Model2VecEmbeddingFunction } = require('@model2vec-ts/embedding-function');
const { minilmL6 } = require('@model2vec-ts/model-minilm-l6');

async function main() {
  const texts = JSON.parse(readFileSync('texts.json', 'utf8'));
  const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6 });
  const embeddings = await embedder.encodeDocuments(texts);
  console.log(JSON.stringify({ kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) }));
  await embedder.close();
}

void main();
