import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { connectMilvus, TextCollection } from '@model2vec-ts/milvus-adapter';
import { connectionOptions } from '../../flags/milvus-flags.js';
import type { MappedText, MappedTexts } from './mapped-texts.js';
import type { PlotFlags } from './plot-flags.js';
import { RandomSample } from './random-sample.js';

/** Reads the texts of a collection, coloured by a field. */
export async function textsOfCollection(
  name: string,
  embedder: Model2VecEmbeddingFunction,
  flags: PlotFlags,
  random: () => number,
): Promise<MappedTexts> {
  const sample = new RandomSample<MappedText>(flags.limit, random);
  const field = flags.colorBy;
  const milvus = await connectMilvus(connectionOptions(flags));
  try {
    const collection = await TextCollection.open(milvus, {
      name,
      embedder,
      ...(flags.force === true && { force: true }),
    });
    const rows = collection.rows({
      fields: field === undefined ? [] : [field],
      ...(flags.filter !== undefined && { filter: flags.filter }),
    });
    for await (const { text, fields } of rows) {
      sample.offer({ text, value: field === undefined ? undefined : fields[field] });
    }
  } finally {
    await milvus.close();
  }
  return { name, sample, rejected: 0, colored: field !== undefined };
}
