import { basename, dirname } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { report } from './report.mjs';

const model = process.argv[2];
env.allowRemoteModels = false;
env.localModelPath = `${dirname(model)}/`;
const extract = await pipeline('feature-extraction', basename(model), {
  dtype: 'fp32',
});
await report(async (texts) => {
  // All texts of a batch are padded to the longest.
  for (let at = 0; at < texts.length; at += 32)
    await extract(texts.slice(at, at + 32), { pooling: 'mean', normalize: true });
});
