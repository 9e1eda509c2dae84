import { readFile, rename, writeFile } from 'node:fs/promises';
import { loadCollection } from '../collection/collection-setup.js';
import type { TextCollection } from '../collection/text-collection.js';
import { pauseFor } from '../connection/back-off.js';
import { lackedBy } from '../connection/capabilities.js';
import { invalidArgument, MilvusError } from '../milvus-error.js';
import type { BulkManifest } from './bulk-manifest.js';
import { fileError } from './file-error.js';
import { type ImportTask, importTask, listImports, startImport } from './import-task.js';
import { unfinishedPath } from './output-file.js';

/** Options of an import. */
export interface BulkImportOptions {
  /**
   * Prefix of the names of a manifest's files: their place in the server's bucket, such as `notes/`, or their folder if
   * the server's storage is a local disk.
   *
   * @defaultValue ''
   */
  readonly prefix?: string;
  /**
   * Number of files that the server imports at once, as far as it has nodes.
   *
   * @defaultValue 4
   */
  readonly concurrency?: number;
  /**
   * A file that records which imports were started, so that the same call resumes an earlier one. Without it, a repeated
   * call imports everything again.
   */
  readonly stateFile?: string;
  /**
   * Milliseconds between two requests for a file's progress.
   *
   * @defaultValue 1 000
   */
  readonly pollEvery?: number;
  /** Aborts waiting; the server continues with the files that it has. */
  readonly signal?: AbortSignal;
  /** Called after each change. */
  readonly onProgress?: (progress: BulkImportProgress) => void;
}

/** Progress of an import. */
export interface BulkImportProgress {
  readonly files: number;
  /** Imported files. */
  readonly done: number;
  readonly failed: number;
  /** Rows of the imported files. */
  readonly rows: number;
  /** Percentage of the files; the server reports the progress of running ones. */
  readonly percent: number;
}

/** An imported file. */
export interface ImportedFile {
  readonly path: string;
  readonly rows: number;
}

/** A file that was not imported. */
export interface FailedFile {
  readonly path: string;
  /** The server's reason. */
  readonly reason: string;
}

/** The outcome of an import. */
export interface BulkImportResult {
  readonly rows: number;
  readonly files: readonly ImportedFile[];
  readonly failed: readonly FailedFile[];
}

/**
 * An import of which some files failed. The collection has no row of a failed file. The same call with the state file
 * retries them.
 *
 * @example
 * ```ts
 * import type { TextCollection } from '@model2vec-ts/milvus-adapter';
 * import { BulkImportError, importBulkFiles } from '@model2vec-ts/milvus-adapter/bulk';
 *
 * async function fill(notes: TextCollection, paths: string[]): Promise<void> {
 *   try {
 *     await importBulkFiles(notes, paths);
 *   } catch (error) {
 *     if (error instanceof BulkImportError) console.error(error.result.failed);
 *     throw error;
 *   }
 * }
 * ```
 */
export class BulkImportError extends MilvusError {
  override readonly name: string = 'BulkImportError';
  readonly result: BulkImportResult;

  constructor(collection: string, result: BulkImportResult) {
    const { failed, files } = result;
    const [first] = failed;
    super(
      'server',
      `importing into ${collection}: ${failed.length} of ${failed.length + files.length} files failed; ${first?.path}: ${first?.reason}`,
    );
    this.result = result;
  }
}

const DEFAULT_CONCURRENCY = 4;
const DEFAULT_POLL = 1000;

/**
 * Makes the server import files from its own storage (its bucket or its disk), and waits until their rows can be found. An
 * import ignores ids: importing a file twice stores every row twice.
 *
 * @param files - a complete manifest of `writeBulkFiles`, or the paths of files as the server sees them
 * @throws `MilvusError`: `unsupported` on Milvus Lite and Zilliz Cloud, `mismatch` if another model made the files,
 *   {@link BulkImportError} if files failed, `unreachable`, `aborted`
 *
 * @example
 * ```ts
 * import { importBulkFiles, manifestPath, readManifest } from '@model2vec-ts/milvus-adapter/bulk';
 * import type { TextCollection } from '@model2vec-ts/milvus-adapter';
 *
 * async function importFolder(collection: TextCollection, folder: string): Promise<void> {
 *   const manifest = await readManifest(manifestPath(folder));
 *   console.log(await importBulkFiles(collection, manifest));
 * }
 * ```
 */
export async function importBulkFiles(
  collection: TextCollection,
  files: BulkManifest | readonly string[],
  options: BulkImportOptions = {},
): Promise<BulkImportResult> {
  const { connection, name } = collection;
  if (!connection.capabilities.bulkImport) {
    throw new MilvusError(
      'unsupported',
      `importing files into ${name}: ${lackedBy(connection.server)}, which can upsert the rows instead`,
    );
  }
  const { concurrency = DEFAULT_CONCURRENCY, pollEvery = DEFAULT_POLL } = options;
  for (const [option, value] of Object.entries({ concurrency, pollEvery })) {
    if (!(Number.isSafeInteger(value) && value > 0)) {
      throw invalidArgument(`option ${option}`, 'a whole number above 0', value);
    }
  }
  const paths = serverPaths(collection, files, options.prefix ?? '');
  const state = await ImportState.open(options.stateFile, name);
  const run = new ImportRun(collection, paths, state, options);
  await Promise.all(Array.from({ length: Math.min(concurrency, paths.length) }, () => run.work()));
  const result = run.result();
  // Also after failed files, because the others should be found.
  if (result.files.some(({ path }) => !state.get(path)?.found)) {
    await loadCollection(connection.channel, name, options.signal, true);
    for (const { path } of result.files) await state.set(path, { ...state.get(path), found: true });
  }
  if (result.failed.length > 0) throw new BulkImportError(name, result);
  return result;
}

function serverPaths(
  collection: TextCollection,
  files: BulkManifest | readonly string[],
  prefix: string,
): readonly string[] {
  if (Array.isArray(files)) {
    const wrong = (files as readonly unknown[]).find((path) => typeof path !== 'string' || path === '');
    if (wrong !== undefined) throw invalidArgument('the path of a file', 'a text', wrong);
    return [...new Set(files as readonly string[])].map((path) => prefix + path);
  }
  const manifest = files as BulkManifest;
  const found = { collection: collection.name, fingerprint: collection.embedder.fingerprint };
  for (const name of ['collection', 'fingerprint'] as const) {
    if (manifest[name] !== found[name]) {
      throw new MilvusError('mismatch', `the files belong to ${name} ${manifest[name]}, not ${found[name]}`);
    }
  }
  if (!manifest.complete) {
    throw new MilvusError(
      'mismatch',
      `the files for ${manifest.collection} are not complete: ${manifest.read} rows were read so far`,
    );
  }
  return manifest.files.map((file) => prefix + file.name);
}

/** The files of one call, which several workers import one by one. */
class ImportRun {
  readonly #collection: TextCollection;
  readonly #paths: readonly string[];
  readonly #state: ImportState;
  readonly #options: BulkImportOptions;
  readonly #percents = new Map<string, number>();
  readonly #imported: ImportedFile[] = [];
  readonly #failed: FailedFile[] = [];
  #next = 0;
  #stopped = false;

  constructor(
    collection: TextCollection,
    paths: readonly string[],
    state: ImportState,
    options: BulkImportOptions,
  ) {
    this.#collection = collection;
    this.#paths = paths;
    this.#state = state;
    this.#options = options;
  }

  result(): BulkImportResult {
    const order = new Map(this.#paths.map((path, i) => [path, i]));
    const sorted = <T extends { readonly path: string }>(files: readonly T[]): T[] =>
      [...files].sort((a, b) => order.get(a.path)! - order.get(b.path)!);
    return {
      rows: this.#imported.reduce((sum, { rows }) => sum + rows, 0),
      files: sorted(this.#imported),
      failed: sorted(this.#failed),
    };
  }

  async work(): Promise<void> {
    try {
      while (this.#next < this.#paths.length && !this.#stopped)
        await this.#import(this.#paths[this.#next++]!);
    } catch (error) {
      // What ends one import, such as an unreachable server, ends the others.
      this.#stopped = true;
      throw error;
    }
  }

  async #import(path: string): Promise<void> {
    const { signal, pollEvery = DEFAULT_POLL } = this.#options;
    const { channel } = this.#collection.connection;
    const { rows } = this.#state.get(path) ?? {};
    if (rows !== undefined) {
      // Not requested again, because a server forgets its tasks after some days.
      this.#percents.set(path, 100);
      this.#imported.push({ path, rows });
      this.#report();
      return;
    }
    let id = await this.#taskOf(path);
    for (;;) {
      id ??= await this.#begin(path);
      const task: ImportTask = await importTask(channel, id, path, signal);
      this.#percents.set(path, task.percent);
      if (task.state === 'done') {
        await this.#state.set(path, { ...this.#state.get(path), task: id, rows: task.rows });
        this.#imported.push({ path, rows: task.rows });
      } else if (task.state === 'failed') {
        await this.#state.set(path, undefined);
        this.#failed.push({ path, reason: task.reason });
      }
      this.#report();
      if (task.state !== 'running') return;
      await pauseFor(pollEvery, signal);
    }
  }

  /** The task that an earlier call started for a file. */
  async #taskOf(path: string): Promise<string | undefined> {
    const known = this.#state.get(path);
    if (known === undefined || known.task !== undefined) return known?.task;
    // It was requested, but the reply was not recorded: the server knows whether it has the task.
    const { channel } = this.#collection.connection;
    const tasks = await listImports(channel, this.#collection.name, this.#options.signal);
    return tasks.find(({ files, state }) => state !== 'failed' && files.includes(path))?.id;
  }

  async #begin(path: string): Promise<string> {
    await this.#state.set(path, {});
    const { connection, name } = this.#collection;
    const task = await startImport(connection.channel, name, path, this.#options.signal);
    await this.#state.set(path, { task });
    return task;
  }

  #report(): void {
    const { length: files } = this.#paths;
    const sum = [...this.#percents.values()].reduce((total, percent) => total + percent, 0);
    this.#options.onProgress?.({
      files,
      done: this.#imported.length,
      failed: this.#failed.length,
      rows: this.#imported.reduce((total, { rows }) => total + rows, 0),
      percent: Math.floor(sum / files),
    });
  }
}

/** A requested import. */
interface BegunImport {
  /** Set after the server's reply. */
  readonly task?: string;
  /** Set after the import. */
  readonly rows?: number;
  /** Whether the rows were loaded. */
  readonly found?: boolean;
}

/** The state of earlier calls, in a file that is replaced atomically. */
class ImportState {
  readonly #path: string | undefined;
  readonly #collection: string;
  readonly #imports: Map<string, BegunImport>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string | undefined, collection: string, imports: Map<string, BegunImport>) {
    this.#path = path;
    this.#collection = collection;
    this.#imports = imports;
  }

  static async open(path: string | undefined, collection: string): Promise<ImportState> {
    if (path === undefined) return new ImportState(path, collection, new Map());
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT')
        return new ImportState(path, collection, new Map());
      throw fileError(`reading ${path}`, error);
    }
    const found = parseState(text);
    if (found === undefined)
      throw new MilvusError('invalid-argument', `${path} is not the state of an import`);
    if (found.collection !== collection) {
      throw new MilvusError(
        'mismatch',
        `${path} belongs to collection ${found.collection}, not ${collection}`,
      );
    }
    return new ImportState(path, collection, new Map(Object.entries(found.imports)));
  }

  get(path: string): BegunImport | undefined {
    return this.#imports.get(path);
  }

  async set(path: string, begun: BegunImport | undefined): Promise<void> {
    if (begun === undefined) this.#imports.delete(path);
    else this.#imports.set(path, begun);
    const stateFile = this.#path;
    if (stateFile === undefined) return;
    // One write at a time, each with the complete state.
    this.#writing = this.#writing.then(() => this.#write(stateFile));
    await this.#writing;
  }

  async #write(path: string): Promise<void> {
    const state: State = {
      version: 1,
      collection: this.#collection,
      imports: Object.fromEntries(this.#imports),
    };
    try {
      await writeFile(unfinishedPath(path), `${JSON.stringify(state, null, 2)}\n`, { flush: true });
      await rename(unfinishedPath(path), path);
    } catch (error) {
      throw fileError(`writing ${path}`, error);
    }
  }
}

interface State {
  readonly version: 1;
  readonly collection: string;
  readonly imports: Readonly<Record<string, BegunImport>>;
}

function parseState(text: string): State | undefined {
  try {
    const found = JSON.parse(text) as Partial<State> | null;
    const isState = found?.version === 1 && typeof found.collection === 'string';
    return isState && typeof found.imports === 'object' ? (found as State) : undefined;
  } catch {
    return undefined;
  }
}
