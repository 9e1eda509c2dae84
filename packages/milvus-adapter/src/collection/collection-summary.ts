import type { MilvusConnection } from '../connection/milvus-connection.js';
import { NOT_LOADED } from '../connection/server-status.js';
import { MilvusError } from '../milvus-error.js';
import type { VectorType } from '../wire/vector-type.js';
import { type CollectionIdentity, identityOf } from './collection-identity.js';
import {
  type DescribedCollection,
  incarnationOf,
  type KeyValuePair,
  parseSchema,
} from './collection-schema.js';
import { describeCollection, describeIndexes } from './collection-setup.js';

/** A collection, described without the model that filled it. */
export interface CollectionSummary {
  readonly name: string;
  /** Differs for each collection that ever had this name; `undefined` on Milvus Lite. */
  readonly id: string | undefined;
  /** Number of rows; if `isExact` is false, the number that the server has written to storage, including deleted ones. */
  readonly rows: number;
  /** Whether rows were counted, which needs a loaded collection. */
  readonly isExact: boolean;
  /** Number of values of a vector; `undefined` without a vector field of a known type. */
  readonly dim: number | undefined;
  readonly vectorType: VectorType | undefined;
  /** Distance between vectors; `undefined` without an index. */
  readonly metric: string | undefined;
  /** Whether the collection has full-text search. */
  readonly hasFullText: boolean;
  /** Fingerprint of the model that filled it; `undefined` if another program made it. */
  readonly fingerprint: string | undefined;
}

/**
 * Describes a collection of any program. Loads nothing.
 *
 * @throws {@link MilvusError}: `not-found`
 * @example
 * ```ts
 * import { connectMilvus, describeTextCollection } from '@model2vec-ts/milvus-adapter';
 *
 * const milvus = await connectMilvus('http://localhost:19530');
 * for (const name of await milvus.listCollections()) {
 *   const { rows, dim, vectorType } = await describeTextCollection(milvus, name);
 *   console.log(name, rows, dim, vectorType);
 * }
 * await milvus.close();
 * ```
 */
export async function describeTextCollection(
  connection: MilvusConnection,
  name: string,
): Promise<CollectionSummary> {
  const { channel } = connection;
  const answer = await describeCollection(channel, name);
  const metrics = await describeIndexes(channel, name);
  const counted = await countedRows(connection, name);
  const schema = parseSchema(answer, name);
  const identity = readableIdentity(answer, name);
  const vectors = schema.fields.filter((field) => field.kind === 'vector');
  const vector = vectors.find((field) => field.name === identity?.vectorField) ?? vectors[0];
  return {
    name,
    id: incarnationOf(answer),
    rows: counted ?? (await writtenRows(connection, name)),
    isExact: counted !== undefined,
    // The field of a binary vector counts bits, up to whole bytes.
    dim: identity?.dim ?? vector?.dim,
    vectorType: vector?.type as VectorType | undefined,
    metric: (vector && metrics.get(vector.name)) || identity?.metric,
    hasFullText: schema.fields.some((field) => field.isFunctionOutput),
    fingerprint: identity?.fingerprint,
  };
}

/** A damaged identity, or one of another version, must not end a list of collections. */
function readableIdentity(answer: DescribedCollection, name: string): CollectionIdentity | undefined {
  try {
    return identityOf(answer.properties ?? [], name);
  } catch (error) {
    if (MilvusError.isInstance(error) && error.code === 'mismatch') return undefined;
    throw error;
  }
}

async function countedRows({ channel }: MilvusConnection, name: string): Promise<number | undefined> {
  try {
    const reply = await channel.call<CountReply>(
      'Query',
      {
        collection_name: name,
        expr: '',
        output_fields: ['count(*)'],
        // common.ConsistencyLevel.Strong
        consistency_level: 0,
      },
      {
        what: `counting the rows of ${name}`,
        retryFor: 2_000,
        isRetriable: ({ serverCode }) => serverCode !== NOT_LOADED,
      },
    );
    return Number(reply.fields_data[0]?.scalars?.long_data?.data?.[0] ?? 0);
  } catch (error) {
    if (MilvusError.isInstance(error) && error.serverCode === NOT_LOADED) return undefined;
    throw error;
  }
}

/** The parts of `milvus.QueryResults` (milvus.proto) that hold a count. */
interface CountReply {
  readonly fields_data: readonly {
    readonly scalars?: { readonly long_data?: { readonly data?: readonly string[] } } | null;
  }[];
}

async function writtenRows({ channel }: MilvusConnection, name: string): Promise<number> {
  const reply = await channel.call<{ stats?: readonly KeyValuePair[] }>(
    'GetCollectionStatistics',
    { collection_name: name },
    { what: `reading the row count of ${name}`, retryFor: 2_000 },
  );
  return Number(reply.stats?.find(({ key }) => key === 'row_count')?.value ?? 0);
}
