import type { MilvusLiteOptions } from '../lite/milvus-lite.js';

/** Where a Milvus is, and how to be let in. */
export interface MilvusOptions {
  /**
   * `http://host:port`, `https://host:port`, `host:port`, or a folder (`./milvus.db`) for which Milvus Lite is
   * started. Without a port: 19530, and 443 for `https`. A path after the port names the database.
   */
  readonly address: string;
  /** API key of Zilliz Cloud, or `user:password`. */
  readonly token?: string;
  /** User's name; goes with `password`. */
  readonly user?: string;
  /** User's password. */
  readonly password?: string;
  /**
   * Database of the server.
   *
   * @defaultValue the server's default one
   */
  readonly database?: string;
  /**
   * How the connection is secured; `true` for the certificates that Node trusts.
   *
   * @defaultValue `true` for `https`, else `false`
   */
  readonly tls?: boolean | TlsOptions;
  /**
   * Milliseconds for one request to be answered.
   *
   * @defaultValue 30 000
   */
  readonly timeout?: number;
  /**
   * Milliseconds for the server to answer for the first time.
   *
   * @defaultValue 10 000
   */
  readonly connectTimeout?: number;
  /**
   * Milliseconds during which an address where nothing listens yet is tried again, for servers that are starting.
   *
   * @defaultValue 0
   */
  readonly waitFor?: number;
  /** Options for starting Milvus Lite, where `address` is a folder. */
  readonly lite?: MilvusLiteOptions;
  /** Ends connecting. */
  readonly signal?: AbortSignal;
}

/** Certificates, each as PEM text, its bytes, or the path of a file. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of Node's. */
  readonly rootCertificate?: string | Uint8Array;
  /** The client's certificate, where the server asks for one; goes with `clientKey`. */
  readonly clientCertificate?: string | Uint8Array;
  /** The client's private key. */
  readonly clientKey?: string | Uint8Array;
  /** Name in the server's certificate, where it is not the host of the address. */
  readonly serverName?: string;
  /**
   * `false` accepts any certificate: for tests.
   *
   * @defaultValue true
   */
  readonly verify?: boolean;
}
