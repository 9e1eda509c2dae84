import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6 } from '@model2vec-ts/model-minilm-l6';

let batches = 0;
globalThis.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    this.addEventListener('message', ({ data }) => {
      if (data.type === 'encoded') batches++;
    });
  }
};

const texts = await (await fetch('texts.json')).json();
const embedder = await Model2VecEmbeddingFunction.create({ modelSource: minilmL6, threads: 2 });
const embeddings = await embedder.encodeDocuments(texts);
// Until the other thread takes part: the bundle must have its file.
const many = Array.from({ length: 20_000 }, (_, i) => `text ${i}`);
while (embedder.threads > 1 && batches === 0) await embedder.encode(many);
if (batches === 0) throw new Error(`one thread only: ${JSON.stringify(embedder.threadLimit)}`);
globalThis.answer = { kernel: embedder.kernel, embeddings: embeddings.map((row) => [...row]) };
await embedder.close();
