import type { MilvusClient } from '@zilliz/milvus2-sdk-node';
import { MilvusError } from '../milvus-error.js';
import type { MilvusCapabilities, MilvusServer } from './capabilities.js';
import type { MilvusChannel } from './milvus-channel.js';

/** What {@link MilvusConnection} is made of. */
export interface ConnectionParts {
  readonly client: MilvusClient;
  readonly channel: MilvusChannel;
  readonly server: MilvusServer;
  readonly capabilities: MilvusCapabilities;
  readonly address: string;
  readonly database: string;
  readonly onClose: () => Promise<void>;
}

/** An open connection to a Milvus, made by `connectMilvus`. */
export class MilvusConnection {
  /** The SDK's own client, for all that this package does not wrap; beware of its traps. */
  readonly client: MilvusClient;
  /** Checked calls over the client's channel. */
  readonly channel: MilvusChannel;
  /** What answered. */
  readonly server: MilvusServer;
  /** What it can do. */
  readonly capabilities: MilvusCapabilities;
  /** Where it is: scheme, host and port. */
  readonly address: string;
  /** Database that its calls go to. */
  readonly database: string;
  readonly #onClose: () => Promise<void>;
  #closing: Promise<void> | undefined;

  constructor(parts: ConnectionParts) {
    this.client = parts.client;
    this.channel = parts.channel;
    this.server = parts.server;
    this.capabilities = parts.capabilities;
    this.address = parts.address;
    this.database = parts.database;
    this.#onClose = parts.onClose;
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

  /** Ends the connection; a Milvus Lite that was started for it is stopped when nobody else uses it. */
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
