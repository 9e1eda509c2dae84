import type { FileBytes } from './file-bytes.js';
import type { LoadProgress } from './load-progress.js';

/** A place that holds the files of a model. */
export interface ModelFolder {
  /** Name for messages, without credentials. */
  readonly origin: string;
  /** Reads a file; `undefined` if it is missing. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Opens a file for reading in parts; absent if files can only be read whole. The caller closes it. */
  open?(path: string): Promise<FileBytes | undefined>;
  /** Lists the files, if the source can. Called only to report what a source without a model contains. */
  list?(): Promise<readonly string[]>;
}

/** Settings for every kind of source. */
export interface ReadContext {
  /** Stops the read, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Longest silence of a server in milliseconds; `undefined` for the source's default. */
  readonly stallTimeout?: number | undefined;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}
