import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { type Key, MilvusError, type TextCollection } from '@model2vec-ts/milvus-adapter';
import { type InputFile, STANDARD_INPUT } from '../../input/input-file.js';
import { HASH, hashOf, ROWS, SOURCE, SourceFile, sourceName } from './source-file.js';

/** Numbers of files by what the run did with them. */
export interface FileChanges {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly removed: number;
}

/** The rows that a collection has of one file. */
interface StoredSource {
  rows: number;
  readonly marks: { readonly id: Key; readonly hash: string; readonly rows: number }[];
}

/** The call that a run belongs to. */
interface SyncedCall {
  /** Files, folders and patterns as the call names them. */
  readonly named: readonly string[];
  readonly files: readonly InputFile[];
  /** Settings that decide which rows a file gives. */
  readonly recipe: object;
  /** Whether files without a change are read all the same. */
  readonly readsAll: boolean;
}

/** Version of how files become rows. */
const FORM = 1;
/** Rows per page: the most that Milvus gives. */
const PAGE = 16_384;

/**
 * Keeps a collection equal to the files of a call. Each row has the name of its file. The last row of each file also has
 * the hash of its content and the number of its rows, and is stored with the others. A file is unchanged if it has one
 * such row, with its hash, and exactly that many rows. So an interrupted run leaves the file changed, wherever it ended,
 * and the next run repairs it.
 */
export class SourceSync {
  readonly #collection: TextCollection;
  readonly #stored: ReadonlyMap<string, StoredSource>;
  readonly #call: SyncedCall;
  readonly #recipe: string;
  readonly #hashes = new Map<string, string | undefined>();
  readonly #present: ReadonlySet<string>;
  #added = 0;
  #changed = 0;
  #unchanged = 0;
  #sharingIds = 0;
  #removedFiles = 0;
  #removedRows = 0;

  private constructor(
    collection: TextCollection,
    stored: ReadonlyMap<string, StoredSource>,
    call: SyncedCall,
  ) {
    this.#collection = collection;
    this.#stored = stored;
    this.#call = call;
    this.#recipe = JSON.stringify([FORM, call.recipe]);
    this.#present = new Set(call.files.map(({ path }) => sourceName(path)));
  }

  /** Reads which files the collection has. Returns `undefined` if its rows cannot have further fields. */
  static async begin(collection: TextCollection, call: SyncedCall): Promise<SourceSync | undefined> {
    const isPipe = call.named.every((name) => name === STANDARD_INPUT);
    if (isPipe || !collection.layout.schema.dynamic) return undefined;
    return new SourceSync(collection, await storedSources(collection), call);
  }

  get changes(): FileChanges {
    return {
      added: this.#added,
      changed: this.#changed,
      unchanged: this.#unchanged,
      removed: this.#removedFiles,
    };
  }

  /** Number of files with an id that another file has too; they are read on each run. */
  get sharingIds(): number {
    return this.#sharingIds;
  }

  /** Number of rows that were deleted because their file no longer has them. */
  get removedRows(): number {
    return this.#removedRows;
  }

  /** Returns the number of rows of a file whose rows are all stored and no others; else `undefined`. */
  async unchangedRows(file: InputFile): Promise<number | undefined> {
    const stored = this.#stored.get(sourceName(file.path));
    const [mark, ...others] = stored?.marks ?? [];
    if (stored === undefined || mark === undefined || others.length > 0) return undefined;
    if (this.#call.readsAll || (await this.#hash(file)) !== mark.hash) return undefined;
    if (stored.rows !== mark.rows) return undefined;
    this.#unchanged++;
    return stored.rows;
  }

  /** Begins to read a file that is not unchanged; `undefined` for a pipe. */
  async beginFile(file: InputFile): Promise<SourceFile | undefined> {
    if (file.path === STANDARD_INPUT || file.size === undefined) return undefined;
    const source = new SourceFile(file, await this.#hash(file), this.#present);
    // Without its mark the file counts as changed until the new mark is stored.
    const marks = this.#stored.get(source.name)?.marks ?? [];
    if (marks.length > 0) await this.#collection.delete(marks.map(({ id }) => id));
    return source;
  }

  /** Ends a file: deletes the rows that it no longer has. */
  async endFile(source: SourceFile, isReadable: boolean): Promise<void> {
    if (source.sharesIds) this.#sharingIds++;
    const stored = this.#stored.get(source.name);
    if (stored === undefined) {
      if (source.size > 0) this.#added++;
      else this.#unchanged++;
      return;
    }
    this.#changed++;
    if (!isReadable) return;
    const stale: Key[] = [];
    const params = { name: source.name };
    const rows = this.#collection.rows({
      ...{ filter: `${SOURCE} == {name}`, params, fields: [] },
      ...{ pageSize: PAGE, consistency: 'strong' as const },
    });
    try {
      for await (const { id } of rows) if (!source.has(id)) stale.push(id);
    } catch (error) {
      if (!isUnknownField(error)) throw error;
    }
    this.#removedRows += await this.#collection.delete(stale);
  }

  /** Deletes rows of files that are gone. */
  async removeMissing(): Promise<void> {
    for (const name of this.#missing()) {
      const filter = `${SOURCE} == {name}`;
      this.#removedRows += await this.#collection.delete({ filter, params: { name } });
      this.#removedFiles++;
    }
  }

  /** Files of the collection, below what the call names, that are no longer there. */
  #missing(): string[] {
    const bases = this.#call.named.filter((name) => name !== STANDARD_INPUT).map(baseOf);
    return [...this.#stored.keys()].filter(
      (name) => !this.#present.has(name) && bases.some((base) => isBelow(name, base)) && !existsSync(name),
    );
  }

  async #hash(file: InputFile): Promise<string | undefined> {
    if (!this.#hashes.has(file.path)) this.#hashes.set(file.path, await hashOf(file, this.#recipe));
    return this.#hashes.get(file.path);
  }
}

async function storedSources(collection: TextCollection): Promise<ReadonlyMap<string, StoredSource>> {
  const sources = new Map<string, StoredSource>();
  const rows = collection.rows({
    filter: `${SOURCE} != ""`,
    fields: [SOURCE, HASH, ROWS],
    pageSize: PAGE,
    consistency: 'strong',
  });
  try {
    for await (const { id, fields } of rows) {
      const name = String(fields[SOURCE]);
      const source = sources.get(name) ?? { rows: 0, marks: [] };
      source.rows++;
      if (fields[ROWS] !== undefined) {
        source.marks.push({ id, hash: String(fields[HASH]), rows: Number(fields[ROWS]) });
      }
      sources.set(name, source);
    }
  } catch (error) {
    if (!isUnknownField(error)) throw error;
  }
  return sources;
}

/** Whether the error says that no row of the collection has a source. */
function isUnknownField(error: unknown): boolean {
  return MilvusError.isInstance(error) && error.code === 'invalid-argument' && error.message.includes(SOURCE);
}

/** The folder that a named folder, file or pattern is about. */
function baseOf(name: string): string {
  const path = sourceName(name).replace(/(?<=.)\/$/, '');
  const pattern = path.search(/[*?[\]{}!()]/);
  return pattern < 0 || existsSync(name) ? path : posix.dirname(`${path.slice(0, pattern)}_`);
}

function isBelow(name: string, base: string): boolean {
  if (base === '.') return !posix.isAbsolute(name) && !name.startsWith('../');
  return name === base || name.startsWith(base.endsWith('/') ? base : `${base}/`);
}
