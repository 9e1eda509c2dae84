import type { FileBytes } from './file-bytes.js';
import type { LoadProgress } from './load-progress.js';

/** A place that holds the files of a model. */
export interface ModelFolder {
  /** What to call it in messages; never holds credentials. */
  readonly origin: string;
  /** The bytes of a file, or `undefined` where there is none of that path. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The same file to read in parts; absent where a file comes as a whole. The caller closes it. */
  open?(path: string): Promise<FileBytes | undefined>;
  /** Paths of the files; absent if the source cannot list them. Called only to say what is there instead of a model. */
  list?(): Promise<readonly string[]>;
}

/** What reading has to respect, whatever the source. */
export interface ReadContext {
  /** Stops the read, which then rejects with the signal's reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: LoadProgress) => void;
  /** Longest silence of a server in milliseconds; `undefined` for the default of the source. */
  readonly stallTimeout?: number | undefined;
  /** Replaces the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}
