import type { hasNonFinite } from '../elements/finite.js';
import type { Sha256 } from '../sha-256.js';
import type { FileBytes, HeldFile } from '../source/file-bytes.js';
import type { KeptTables } from '../source/kept-tables.js';
import type { ModelFolder, ReadContext } from '../source/model-folder.js';
import type { TableFile } from '../table/embedding-table.js';
import type { TableParts } from '../table/table-parts.js';

/** What differs between platforms. */
export interface Platform {
  /** Whether models can be read from a file system. */
  readonly hasFiles: boolean;
  /**
   * Opens the folder at a path or a `file:` URL. Returns `undefined` if no folder is there, or without a file system.
   *
   * @throws ModelNotFoundError if it is a file
   */
  openFolder(source: string | URL, context: ReadContext): Promise<ModelFolder | undefined>;
  /** Reads the whole file into one allocation of its size; `undefined` if it is missing. `name` is for messages. */
  readFile(path: string | URL, name: string, context: ReadContext): Promise<Uint8Array | undefined>;
  /** Opens a file for reading in parts. */
  openFile(path: string | URL, name: string, context: ReadContext): FileBytes | undefined;
  /** Reads rows of a table from its file as needed; absent if files cannot be held open. */
  readonly tableFile?: (parts: TableParts, file: HeldFile) => TableFile;
  /** Opens the place for tables of a `tokenizer.json`; absent if nothing is kept between runs. */
  readonly keptTables?: (tokenizerJson: Uint8Array, context: ReadContext) => Promise<KeptTables | undefined>;
  createSha256(): Sha256;
  /** {@link hasNonFinite} in the form that starts fastest. */
  readonly hasNonFinite: typeof hasNonFinite;
  /** Value of an environment variable; `undefined` if unset or empty, or without an environment. */
  environmentVariable(name: string): string | undefined;
}
