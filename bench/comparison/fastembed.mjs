import { EmbeddingModel, FlagEmbedding } from 'fastembed';
import { report } from './report.mjs';

const embedder = await FlagEmbedding.init({
  model: EmbeddingModel.CUSTOM,
  modelAbsoluteDirPath: process.argv[2],
  modelName: 'onnx/model.onnx',
});
await report(async (texts) => {
  for await (const _ of embedder.embed([...texts], 32));
});
