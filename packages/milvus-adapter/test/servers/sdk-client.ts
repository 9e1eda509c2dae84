import { readFile } from 'node:fs/promises';
import { DataType, MilvusClient } from '@zilliz/milvus2-sdk-node';
import type { TestAddress } from './test-server.js';

/**
 * Uses the SDK's own client of a test server, so that servers are tested without the adapter. Each start of a server
 * needs a new client, because an old one pauses before it reconnects.
 */
export async function withClient<T>(
  { address, connect }: TestAddress,
  work: (client: MilvusClient) => Promise<T>,
): Promise<T> {
  const tls = typeof connect.tls === 'object' ? connect.tls : undefined;
  const client = new MilvusClient({
    address: `${tls === undefined ? 'http' : 'https'}://${address}`,
    logLevel: 'error',
    // Clients of one process share connections, and with them the pause after a failed one.
    channelOptions: { 'grpc.use_local_subchannel_pool': 1 },
    ...(connect.user === undefined ? {} : { username: connect.user, password: connect.password! }),
    ...(tls === undefined
      ? {}
      : {
          ssl: true,
          tls: {
            rootCert: await readFile(tls.rootCertificate as string),
            serverName: tls.serverName ?? 'localhost',
          },
        }),
  });
  try {
    await client.connectPromise;
    return await work(client);
  } finally {
    await client.closeConnection();
  }
}

const FIELDS = [
  { name: 'id', data_type: DataType.Int64, is_primary_key: true },
  { name: 'vector', data_type: DataType.FloatVector, dim: 4 },
] as const;

/** A collection with an index, loaded. */
export async function makeCollection(client: MilvusClient, name: string): Promise<void> {
  await client.createCollection({ collection_name: name, fields: [...FIELDS] });
  await client.createIndex({
    collection_name: name,
    field_name: 'vector',
    index_type: 'FLAT',
    metric_type: 'L2',
  });
  await client.loadCollectionSync({ collection_name: name });
}

/** Inserts one row, and fails if the server rejects it. */
export async function insertRow(client: MilvusClient, name: string, id: number): Promise<void> {
  const { status } = await client.insert({ collection_name: name, data: [{ id, vector: [id, 0, 0, 0] }] });
  if (status.error_code !== 'Success') throw new Error(`row ${id}: ${status.reason}`);
}

/** Keys of all rows, in order. */
export async function storedKeys(client: MilvusClient, name: string): Promise<number[]> {
  const { status, data } = await client.query({
    collection_name: name,
    filter: 'id >= 0',
    output_fields: ['id'],
    consistency_level: 0,
  } as Parameters<MilvusClient['query']>[0]);
  if (status.error_code !== 'Success') throw new Error(status.reason);
  return data.map((row) => Number(row.id)).sort((a, b) => a - b);
}
