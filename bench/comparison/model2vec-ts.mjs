import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { report } from './report.mjs';

const embedder = await Model2VecEmbeddingFunction.create({ modelSource: process.argv[2] });
await report((texts) => embedder.encode(texts));
await embedder.close();
