import type { MilvusOptions } from '../../src/connection/milvus-options.js';

/** How tests reach a running Milvus. */
export interface TestAddress {
  /** Name of the server, such as `Milvus Lite 3.2.2`. */
  readonly name: string;
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Options for connecting: address, login, certificates. */
  readonly connect: MilvusOptions;
}

/** A Milvus used by one test only. */
export interface TestServer extends TestAddress {
  /** Its data. */
  readonly folder: string;
  /** Stops it if it runs, and starts it on the same port and data. */
  restart(): Promise<void>;
  /** Stops it and removes its data. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does; {@link TestServer.restart} starts it again. */
  kill(): Promise<void>;
}

/** Why a server cannot run on this machine; becomes the name of a skipped test, not a failure. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}
