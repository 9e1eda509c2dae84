/** Options of the server. */
export interface StaticServerOptions {
  /** Sends the cross-origin isolation headers, so that a page can share memory with its workers. */
  readonly isolated?: boolean;
  /** Value of the `Content-Security-Policy` header. */
  readonly contentSecurityPolicy?: string;
  /** Sends the headers of a content delivery network, so that pages of other origins may load every file. */
  readonly anyOrigin?: boolean;
  /** Compresses text, as hosts do. */
  readonly compressed?: boolean;
  /** Answers range requests. @defaultValue `false` */
  readonly ranges?: boolean;
  /** Paths that return 404 even if the folder has them. */
  readonly without?: RegExp;
}

/** A running static server. */
export interface StaticServer {
  readonly address: string;
  close(): Promise<void>;
}

export function serveFolder(folder: string, options?: StaticServerOptions): Promise<StaticServer>;
