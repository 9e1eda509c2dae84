import { pauseFor } from '../connection/back-off.js';
import type { MilvusChannel } from '../connection/milvus-channel.js';
import { MilvusError } from '../milvus-error.js';
import { DYNAMIC_FIELD } from '../wire/field-data.js';
import type { Metric } from '../wire/vector-type.js';
import type { DescribedCollection, KeyValuePair } from './collection-schema.js';

/** An index of a vector field. */
export interface IndexSpec {
  readonly field: string;
  /** Milvus' index type, such as `AUTOINDEX` or `HNSW`. */
  readonly type: string;
  readonly metric: Metric | 'BM25';
  /** Parameters of the type, such as `{ M: 16, efConstruction: 200 }`. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** How long a collection is looked up while the server does not answer, in milliseconds. */
export const DESCRIBE_RETRY = 20_000;

/** Asks the server for the fields and properties of a collection. */
export async function describeCollection(
  channel: MilvusChannel,
  name: string,
  retryFor: number = DESCRIBE_RETRY,
): Promise<DescribedCollection> {
  return await channel.call<DescribedCollection>(
    'DescribeCollection',
    { collection_name: name },
    { what: `describing collection ${name}`, retryFor },
  );
}

/** The metric of each indexed field. */
export async function describeIndexes(
  channel: MilvusChannel,
  name: string,
): Promise<ReadonlyMap<string, string>> {
  try {
    const reply = await channel.call<{
      index_descriptions: readonly { field_name: string; params: readonly KeyValuePair[] }[];
    }>(
      'DescribeIndex',
      { collection_name: name },
      { what: `reading the indexes of ${name}`, retryFor: 10_000 },
    );
    return new Map(
      reply.index_descriptions.map(({ field_name, params }) => [
        field_name,
        params.find(({ key }) => key === 'metric_type')?.value ?? '',
      ]),
    );
  } catch (error) {
    // Both servers report a collection without an index as an error.
    if (MilvusError.isInstance(error) && error.code === 'not-found') return new Map();
    throw error;
  }
}

/** Creates an index; the server builds it as rows arrive. */
export async function createIndex(
  channel: MilvusChannel,
  collection: string,
  index: IndexSpec,
): Promise<void> {
  const parameters: Record<string, string> = {
    index_type: index.type,
    metric_type: index.metric,
    params: JSON.stringify(index.params ?? {}),
  };
  await channel.call(
    'CreateIndex',
    {
      collection_name: collection,
      field_name: index.field,
      index_name: index.field,
      extra_params: Object.entries(parameters).map(([key, value]) => ({ key, value })),
    },
    { what: `creating index ${index.type} of field ${index.field} of ${collection}`, timeout: 60_000 },
  );
}

const LOADED: ReadonlySet<unknown> = new Set([3, '3', 'LoadStateLoaded']);
const LOAD_TIMEOUT = 120_000;

/**
 * Loads a collection into the server's memory, which searching needs, and waits for it.
 *
 * @param refresh - loads also what has been imported since it was loaded
 */
export async function loadCollection(
  channel: MilvusChannel,
  name: string,
  signal?: AbortSignal,
  refresh = false,
): Promise<void> {
  const what = `loading collection ${name}`;
  await channel.call(
    'LoadCollection',
    { collection_name: name, replica_number: 1, refresh },
    { what, signal, timeout: LOAD_TIMEOUT, retryFor: 30_000 },
  );
  const giveUpAt = Date.now() + LOAD_TIMEOUT;
  for (let pause = 20; ; pause = Math.min(500, pause * 2)) {
    if (await (refresh ? isRefreshed : isLoaded)(channel, name, what, signal)) return;
    if (Date.now() > giveUpAt) {
      throw new MilvusError(
        'unreachable',
        `${what} at ${channel.address} took more than ${LOAD_TIMEOUT / 1000} s`,
        { retriable: true },
      );
    }
    await pauseFor(pause, signal);
  }
}

async function isLoaded(
  channel: MilvusChannel,
  name: string,
  what: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { state } = await channel.call<{ state: unknown }>(
    'GetLoadState',
    { collection_name: name },
    { what, signal, retryFor: 10_000 },
  );
  return LOADED.has(state);
}

async function isRefreshed(
  channel: MilvusChannel,
  name: string,
  what: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const { refresh_progress } = await channel.call<{ refresh_progress: string }>(
    'GetLoadingProgress',
    { collection_name: name },
    { what, signal, retryFor: 10_000 },
  );
  return Number(refresh_progress) === 100;
}

/** Whether a field may have this name. */
export function isFieldName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name) && name !== DYNAMIC_FIELD;
}
