import type { MilvusLiteOptions } from '../lite/milvus-lite.js';

/** Address, login and timeouts of a Milvus. All durations are in milliseconds. */
export interface MilvusOptions {
  /**
   * `http://host:port`, `https://host:port`, `host:port`, or a folder, for which Milvus Lite is started. A folder begins
   * with `.`, `/`, `~` or a drive letter, or ends in `.db`. The default port is 19530, and 443 for `https`. A path after
   * the port names the database.
   */
  readonly address: string;
  /** API key of Zilliz Cloud, or `user:password`. */
  readonly token?: string;
  /** Name of the user; requires `password`. */
  readonly user?: string;
  /** Password of the user. */
  readonly password?: string;
  /**
   * Database of the server.
   *
   * @defaultValue `default`
   */
  readonly database?: string;
  /**
   * Certificates of a secure connection; `true` trusts those that Node trusts.
   *
   * @defaultValue `true` for `https`, else `false`
   */
  readonly tls?: boolean | TlsOptions;
  /**
   * Milliseconds for the answer to one request.
   *
   * @defaultValue 30 000
   */
  readonly timeout?: number;
  /**
   * Milliseconds for the server's first answer.
   *
   * @defaultValue 10 000
   */
  readonly connectTimeout?: number;
  /**
   * Milliseconds during which a server that does not listen yet is retried.
   *
   * @defaultValue 0
   */
  readonly waitFor?: number;
  /** Options of Milvus Lite, if `address` is a folder. */
  readonly lite?: MilvusLiteOptions;
  /** Aborts connecting. */
  readonly signal?: AbortSignal;
}

/** Certificates, each as PEM text, its bytes, or the path of a file. */
export interface TlsOptions {
  /** Certificate authorities to trust instead of those that Node trusts. */
  readonly rootCertificate?: string | Uint8Array;
  /** Certificate of the client, if the server requires one; requires `clientKey`. */
  readonly clientCertificate?: string | Uint8Array;
  /** Private key of the client. */
  readonly clientKey?: string | Uint8Array;
  /** Name in the server's certificate, if it is not the host of the address. */
  readonly serverName?: string;
  /**
   * `false` skips certificate verification (testing only).
   *
   * @defaultValue true
   */
  readonly verify?: boolean;
}
