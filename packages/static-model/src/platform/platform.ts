import type { hasNonFinite } from '../elements/finite.js';
import type { Sha256 } from '../sha-256.js';
import type { FileBytes } from '../source/file-bytes.js';
import type { ReadContext } from '../source/model-folder.js';

/** What a path leads to. */
export type PathKind = 'folder' | 'file';

/** What differs between platforms. */
export interface Platform {
  /** Whether models can be read from a file system. */
  readonly hasFiles: boolean;
  /** Kind of a path or `file:` URL; `undefined` if nothing is there, or without a file system. */
  kindOf(path: string | URL): Promise<PathKind | undefined>;
  /** Path or `file:` URL of a file inside a folder; `file` uses `/` as separator. */
  join(folder: string | URL, file: string): string | URL;
  /** Reads the whole file into one allocation of its size; `undefined` if it is missing. `name` is for messages. */
  readFile(path: string | URL, name: string, context: ReadContext): Promise<Uint8Array | undefined>;
  /** Paths of some files of a folder and its subfolders, for messages; empty if they cannot be listed. */
  listFiles(folder: string | URL): readonly string[];
  /** Opens a file for reading in parts. */
  openFile(path: string | URL, name: string, context: ReadContext): FileBytes | undefined;
  createSha256(): Sha256;
  /** {@link hasNonFinite} in the form that starts fastest. */
  readonly hasNonFinite: typeof hasNonFinite;
  /** Value of an environment variable; `undefined` if unset or empty, or without an environment. */
  environmentVariable(name: string): string | undefined;
}
