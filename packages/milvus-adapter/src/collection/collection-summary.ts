import type { MilvusConnection } from '../connection/milvus-connection.js';
import { NOT_LOADED } from '../connection/server-status.js';
import { MilvusError } from '../milvus-error.js';
import type { VectorType } from '../wire/vector-type.js';
import { type CollectionIdentity, identityOf } from './collection-identity.js';
import { type DescribedCollection, type KeyValuePair, parseSchema } from './collection-schema.js';
import { describeCollection, describeIndexes } from './collection-setup.js';

/** What can be told of a collection without the model that filled it. */
export interface CollectionSummary {
  readonly name: string;
  /** Differs for each collection that ever had this name; Milvus Lite tells none. */
  readonly id: string | undefined;
  /** Its rows; where `isExact` is false, those that the server has written down, deleted ones included. */
  readonly rows: number;
  /** Whether rows were counted, for which a collection must be loaded. */
  readonly isExact: boolean;
  /** Values of a vector; `undefined` without a vector field of a known type. */
  readonly dim: number | undefined;
  readonly vectorType: VectorType | undefined;
  /** Nearness of vectors; `undefined` before they have an index. */
  readonly metric: string | undefined;
  /** Whether the server indexes words beside vectors. */
  readonly hasWords: boolean;
  /** Fingerprint of the model that filled it; `undefined` where another program made it. */
  readonly fingerprint: string | undefined;
}

/**
 * Describes a collection, whoever made it, and loads nothing.
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
  const { collectionID, created_timestamp } = answer as DescribedCollection & ServerNumbers;
  return {
    name,
    id: Number(collectionID ?? 0) === 0 ? undefined : `${collectionID}@${created_timestamp ?? 0}`,
    rows: counted ?? (await writtenRows(connection, name)),
    isExact: counted !== undefined,
    // The field of a binary vector counts bits, up to whole bytes.
    dim: identity?.dim ?? vector?.dim,
    vectorType: vector?.type as VectorType | undefined,
    metric: (vector && metrics.get(vector.name)) || identity?.metric,
    hasWords: schema.fields.some((field) => field.isFunctionOutput),
    fingerprint: identity?.fingerprint,
  };
}

/** The parts of `milvus.DescribeCollectionResponse` (milvus.proto) that tell collections of one name apart. */
interface ServerNumbers {
  readonly collectionID?: string | number;
  readonly created_timestamp?: string | number;
}

/** A list must not end at the one collection whose identity is damaged or of another version. */
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
    { what: `asking for the rows of ${name}`, retryFor: 2_000 },
  );
  return Number(reply.stats?.find(({ key }) => key === 'row_count')?.value ?? 0);
}
