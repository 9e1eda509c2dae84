import type { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { MilvusError } from '../milvus-error.js';
import type { MilvusCapabilities, MilvusServer } from './capabilities.js';
import type { MilvusChannel } from './milvus-channel.js';

/** The parts of a {@link MilvusConnection}. */
interface ConnectionParts {
  readonly channel: MilvusChannel;
  readonly server: MilvusServer;
  readonly capabilities: MilvusCapabilities;
  readonly address: string;
  readonly database: string;
  readonly onClose: () => Promise<void>;
}

/**
 * An open connection to a Milvus, returned by `connectMilvus`.
 *
 * @example
 * ```ts
 * import { connectMilvus } from '@model2vec-ts/milvus-adapter';
 *
 * const connection = await connectMilvus({ address: './notes.db' });
 * console.log(connection.server.version, connection.capabilities);
 * await connection.close();
 * ```
 */
export class MilvusConnection {
  /** @internal */
  readonly channel: MilvusChannel;
  /** The server's kind and version. */
  readonly server: MilvusServer;
  /** Features and limits of the server. */
  readonly capabilities: MilvusCapabilities;
  /** Scheme, host and port of the server, or the folder of Milvus Lite. */
  readonly address: string;
  /** Database of its calls. */
  readonly database: string;
  readonly #onClose: () => Promise<void>;
  #closing: Promise<void> | undefined;

  /** @internal */
  constructor(parts: ConnectionParts) {
    this.channel = parts.channel;
    this.server = parts.server;
    this.capabilities = parts.capabilities;
    this.address = parts.address;
    this.database = parts.database;
    this.#onClose = parts.onClose;
  }

  /**
   * The SDK's own client, for calls that this package does not wrap. It is replaced when a restarted Milvus Lite
   * listens on another port.
   */
  get client(): MilvusClient {
    return this.channel.client;
  }

  /** Names of the collections of the database, in alphabetical order. */
  async listCollections(): Promise<readonly string[]> {
    const reply = await this.channel.call<{ collection_names: string[] }>(
      'ShowCollections',
      {},
      { what: 'listing collections' },
    );
    return [...reply.collection_names].sort();
  }

  /** Whether the database has a collection of this name. */
  async hasCollection(name: string): Promise<boolean> {
    try {
      await this.channel.call(
        'DescribeCollection',
        { collection_name: name },
        { what: `looking for collection ${name}` },
      );
      return true;
    } catch (error) {
      if (MilvusError.isInstance(error) && error.code === 'not-found') return false;
      throw error;
    }
  }

  /** Closes the connection, and stops a Milvus Lite that was started for it unless others use it. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.channel.close();
    await this.client.closeConnection();
    await this.#onClose();
  }
}
