import type { MilvusOptions } from '../../src/connection/milvus-options.js';

/** How tests reach a running Milvus. */
export interface TestAddress {
  /** What it is, such as `Milvus Lite 3.2.2`. */
  readonly name: string;
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Options for connecting: address, login, certificates. */
  readonly connect: MilvusOptions;
}

/** A Milvus that a test has for itself. */
export interface TestServer extends TestAddress {
  /** Its data. */
  readonly folder: string;
  /** Ends it if it runs, and starts it on the same port and data. */
  restart(): Promise<void>;
  /** Ends it for good and removes its data. */
  stop(): Promise<void>;
  /** Ends it as `kill -9` does; {@link TestServer.restart} brings it back. */
  kill(): Promise<void>;
}

/** Why a server cannot run on this machine: for a test's name, not for its failure. */
export class NotRunnable extends Error {
  override readonly name = 'NotRunnable';
}
