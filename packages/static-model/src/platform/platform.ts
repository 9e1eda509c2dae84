import type { hasNonFinite } from '../elements/finite.js';
import type { Sha256 } from '../sha-256.js';
import type { FileBytes } from '../source/file-bytes.js';
import type { ReadContext } from '../source/model-folder.js';

/** What a path leads to. */
export type PathKind = 'folder' | 'file';

/** What the platforms do not have in common. */
export interface Platform {
  /** Whether there is a file system to read models from. */
  readonly hasFiles: boolean;
  /** What a path or `file:` URL leads to; `undefined` where there is nothing, or no file system. */
  kindOf(path: string | URL): Promise<PathKind | undefined>;
  /** Path or `file:` URL of a file inside a folder; `file` has `/` between its parts. */
  join(folder: string | URL, file: string): string | URL;
  /** The whole file in one allocation of its size; `undefined` where there is none. `name` is its name in messages. */
  readFile(path: string | URL, name: string, context: ReadContext): Promise<Uint8Array | undefined>;
  /** Paths of some files of a folder and its subfolders, for messages; empty if they cannot be listed. */
  listFiles(folder: string | URL): readonly string[];
  /** The same file to read in parts. */
  openFile(path: string | URL, name: string, context: ReadContext): FileBytes | undefined;
  createSha256(): Sha256;
  /** {@link hasNonFinite}, by the means that take the least time before and in a first call. */
  readonly hasNonFinite: typeof hasNonFinite;
  /** Value of an environment variable; `undefined` where it is not set, empty, or there are none. */
  environmentVariable(name: string): string | undefined;
}
