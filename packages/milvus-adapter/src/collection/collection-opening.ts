import type { EmbeddingFunction } from '@model2vec-ts/search';
import type { MilvusConnection } from '../connection/milvus-connection.js';
import type { TextLayout } from '../ingest/text-row.js';
import { MilvusError } from '../milvus-error.js';
import { VECTOR_TYPES, type VectorType } from '../wire/vector-type.js';
import { sparseIndex } from './collection-creation.js';
import type { CollectionIdentity } from './collection-identity.js';
import { createIndex, describeIndexes, type IndexSpec } from './collection-setup.js';

/** Throws unless the embedder's vectors have as many values as the field. */
export function requireFittingDim(layout: TextLayout, embedder: EmbeddingFunction, name: string): void {
  const { fieldDim } = VECTOR_TYPES[layout.vector.type as VectorType];
  if (fieldDim(embedder.dim) === layout.vector.dim) return;
  throw new MilvusError(
    'mismatch',
    `collection ${name} has vectors of ${layout.vector.dim} values in field ${layout.vector.name}; the embedder's have ${embedder.dim}`,
  );
}

/** Creates missing indexes, and returns the metric of the vectors. */
export async function prepareIndexes(
  connection: MilvusConnection,
  name: string,
  layout: TextLayout,
  wanted: readonly IndexSpec[] | undefined,
  identity: CollectionIdentity | undefined,
): Promise<string> {
  const { channel } = connection;
  const present = wanted === undefined ? await describeIndexes(channel, name) : new Map<string, string>();
  const type = layout.vector.type as VectorType;
  const indexes = wanted ?? [
    {
      field: layout.vector.name,
      type: type === 'binary' ? 'BIN_FLAT' : 'AUTOINDEX',
      metric: identity?.metric ?? VECTOR_TYPES[type].metrics[0]!,
    },
    ...(layout.sparse === undefined || identity === undefined ? [] : [sparseIndex(layout.sparse)]),
  ];
  for (const index of indexes) {
    if (!present.has(index.field)) await createIndex(channel, name, index);
  }
  return present.get(layout.vector.name) || indexes[0]!.metric;
}
