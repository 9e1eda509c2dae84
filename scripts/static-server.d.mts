/** How to serve. */
export interface StaticServerOptions {
  /** Send the headers with which a page may share memory with its workers. */
  readonly isolated?: boolean;
  /** What the page may do, as the header of that name says it. */
  readonly contentSecurityPolicy?: string;
  /** Paths that are not found, whatever the folder has. */
  readonly without?: RegExp;
}

/** A server of the files of one folder. */
export interface StaticServer {
  readonly address: string;
  close(): Promise<void>;
}

export function serveFolder(folder: string, options?: StaticServerOptions): Promise<StaticServer>;
