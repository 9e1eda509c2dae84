import { mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { EmbeddingFunction, Key, TextRow } from '@model2vec-ts/search';
import { contentId } from '../ingest/content-id.js';
import type { FailedRow } from '../ingest/ingest.js';
import { Interruption } from '../ingest/interruption.js';
import { embedRows } from '../ingest/row-embedding.js';
import { eachRow, isRowInput } from '../ingest/row-input.js';
import { type Shard, shardOf } from '../ingest/shard.js';
import { type CheckedRow, isProblem, RowChecker, type TextLayout } from '../ingest/text-row.js';
import { abortedError, invalidArgument, MilvusError } from '../milvus-error.js';
import type { BulkFile, BulkFileFactory, BulkFormat } from './bulk-file.js';
import {
  type BulkManifest,
  type BulkManifestFile,
  type BulkProblem,
  manifestPath,
  partName,
  readManifest,
  writeManifest,
} from './bulk-manifest.js';
import { fileError } from './file-error.js';
import { KeySet } from './key-set.js';
import { OutputFile, unfinishedPath } from './output-file.js';

/** The collection that the files are for: a `TextCollection`, or these parts of one. */
export interface BulkTarget {
  readonly name: string;
  readonly layout: TextLayout;
  readonly embedder: EmbeddingFunction;
}

/** Options for writing import files. */
export interface BulkFilesOptions {
  /** Folder of the files; created if it is missing. */
  readonly folder: string;
  /**
   * Format of the files. Parquet has a third of JSON's size and is read faster; it needs the package `hyparquet-writer`.
   *
   * @defaultValue 'parquet'
   */
  readonly format?: BulkFormat;
  /**
   * Size of a file in bytes, about. Milvus accepts files up to 16 GiB by default, and imports several at once.
   *
   * @defaultValue 512 MiB
   */
  readonly fileBytes?: number;
  /**
   * Size of a row group in bytes, about, which is the memory needed for writing and reading.
   *
   * @defaultValue 8 MiB
   */
  readonly groupBytes?: number;
  /**
   * Number of rows that are embedded at once.
   *
   * @defaultValue 2 048
   */
  readonly batchRows?: number;
  /**
   * The part of the input to write; rows of other parts are skipped.
   *
   * @defaultValue all of it
   */
  readonly shard?: Shard;
  /**
   * Whether all ids are known to differ. Otherwise only the first row of each id is written, which needs up to 64 bytes
   * of memory per id. An import, unlike an upsert, would store both rows of one id.
   *
   * @defaultValue false
   */
  readonly uniqueIds?: boolean;
  /** Aborts writing; finished files stay, and the same call continues after them. */
  readonly signal?: AbortSignal;
  /** Called after each row group. */
  readonly onProgress?: (progress: BulkFilesProgress) => void;
  /** Called for each failed row. */
  readonly onFailed?: (row: FailedRow) => void;
}

/** Progress of writing import files. */
export interface BulkFilesProgress {
  /** Rows read from the input, including those of other shards and earlier calls. */
  readonly read: number;
  /** Rows in files. */
  readonly rows: number;
  readonly files: number;
  /** Bytes in files. */
  readonly bytes: number;
}

const DEFAULT_FILE_BYTES = 512 * 1024 * 1024;
const DEFAULT_GROUP_BYTES = 8 * 1024 * 1024;
const DEFAULT_BATCH_ROWS = 2048;
const MOST_PROBLEMS = 100;

/**
 * Embeds rows and writes them to files that Milvus imports, in constant memory (but see `uniqueIds`). A file gets its name
 * when it is complete; after each, a manifest in the same folder records the progress. The same call with the same input
 * resumes there, and does nothing if everything is written. The input must yield the same rows in the same order again.
 *
 * Jobs that share the input each write one `shard`; their files may be in one folder.
 *
 * @param target - the collection to fill; only its schema and embedder are used
 * @throws `MilvusError`: `mismatch` if the folder holds files of another model, collection or format, `limit` if the disk
 *   is full, `embedder`, `aborted`; errors of the input are rethrown
 * @example
 * ```ts
 * import type { TextCollection, TextRow } from '@model2vec-ts/milvus-adapter';
 * import { importBulkFiles, writeBulkFiles } from '@model2vec-ts/milvus-adapter/bulk';
 *
 * async function fill(notes: TextCollection, rows: AsyncIterable<TextRow>): Promise<void> {
 *   const manifest = await writeBulkFiles(notes, rows, { folder: '/mnt/bucket/notes' });
 *   await importBulkFiles(notes, manifest, { prefix: 'notes/' });
 * }
 * ```
 */
export async function writeBulkFiles(
  target: BulkTarget,
  rows: Iterable<TextRow> | AsyncIterable<TextRow>,
  options: BulkFilesOptions,
): Promise<BulkManifest> {
  requireOptions(rows, options);
  const { folder, shard, format = 'parquet' } = options;
  const makeFile = format === 'json' ? await jsonFiles() : await parquetFiles();
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw fileError(`making folder ${folder}`, error);
  }
  const path = manifestPath(folder, shard);
  const earlier = await earlierManifest(path);
  const fresh: BulkManifest = {
    version: 1,
    collection: target.name,
    fingerprint: target.embedder.fingerprint,
    format,
    ...(shard === undefined ? {} : { shard: { index: shard.index, count: shard.count } }),
    complete: false,
    read: 0,
    rows: 0,
    repeated: 0,
    failed: 0,
    problems: [],
    files: [],
  };
  if (earlier !== undefined) await requireSame(earlier, fresh, folder, path);
  if (earlier?.complete) return earlier;
  return await new BulkFilesWriter(target, options, makeFile, earlier ?? fresh, path).run(rows);
}

function requireOptions(rows: unknown, options: BulkFilesOptions): void {
  const { folder, format, shard } = options as { folder: unknown; format?: unknown; shard?: Shard };
  if (!isRowInput(rows)) throw invalidArgument('rows', 'an array or another iterable of rows', rows);
  if (typeof folder !== 'string' || folder === '') throw invalidArgument('option folder', 'a folder', folder);
  if (format !== undefined && format !== 'parquet' && format !== 'json') {
    throw invalidArgument('option format', "'parquet' or 'json'", format);
  }
  for (const name of ['fileBytes', 'groupBytes', 'batchRows'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value > 0)) {
      throw invalidArgument(`option ${name}`, 'a whole number above 0', value);
    }
  }
  if (shard === undefined) return;
  const { index, count } = shard;
  if (!(Number.isSafeInteger(index) && Number.isSafeInteger(count) && index >= 0 && index < count)) {
    throw new MilvusError(
      'invalid-argument',
      `option shard must be a part from 0 to count - 1; found part ${index} of ${count}`,
    );
  }
}

async function jsonFiles(): Promise<BulkFileFactory> {
  const { JsonFile } = await import('./json-file.js');
  return (output, layout) => new JsonFile(output, layout);
}

async function parquetFiles(): Promise<BulkFileFactory> {
  try {
    const { ParquetFile } = await import('./parquet-file.js');
    return (output, layout) => new ParquetFile(output, layout);
  } catch (error) {
    throw new MilvusError('unsupported', 'writing Parquet needs the package hyparquet-writer, unlike JSON', {
      cause: error,
      remedy: { code: 'install-npm-package', name: 'hyparquet-writer' },
    });
  }
}

async function earlierManifest(path: string): Promise<BulkManifest | undefined> {
  try {
    return await readManifest(path);
  } catch (error) {
    if (MilvusError.isInstance(error) && error.code === 'not-found') return undefined;
    throw error;
  }
}

/** Refuses to resume with files of another kind. */
async function requireSame(
  earlier: BulkManifest,
  wanted: BulkManifest,
  folder: string,
  path: string,
): Promise<void> {
  for (const name of ['collection', 'fingerprint', 'format'] as const) {
    if (earlier[name] !== wanted[name]) {
      throw new MilvusError(
        'mismatch',
        `the files of ${path} have ${name} ${earlier[name]}, not ${wanted[name]}`,
        { remedy: { code: 'choose-folder' } },
      );
    }
  }
  for (const { name, bytes } of earlier.files) {
    const found = await stat(join(folder, name)).then(
      ({ size }) => size,
      () => undefined,
    );
    if (found !== bytes) {
      throw new MilvusError(
        'mismatch',
        `${join(folder, name)} has ${found ?? 'no'} bytes, but ${path} records ${bytes}`,
        { remedy: { code: 'remove-files', path } },
      );
    }
  }
}

interface OpenFile {
  readonly file: BulkFile;
  readonly output: OutputFile;
  readonly name: string;
}

class BulkFilesWriter {
  readonly #target: BulkTarget;
  readonly #options: BulkFilesOptions;
  readonly #makeFile: BulkFileFactory;
  readonly #path: string;
  readonly #checker: RowChecker;
  readonly #interruption = new Interruption();
  readonly #seen: KeySet | undefined;
  /** Rows read by an earlier call. */
  readonly #settled: number;
  readonly #problems: BulkProblem[];
  readonly #files: BulkManifestFile[];
  #manifest: BulkManifest;
  #read = 0;
  #rows: number;
  #repeated: number;
  #failed: number;
  #pending: CheckedRow[] = [];
  /** Rows and vectors of the next row group. */
  #group: { rows: CheckedRow[]; vectors: Float32Array[]; bytes: number } = {
    rows: [],
    vectors: [],
    bytes: 0,
  };
  #open: OpenFile | undefined;

  constructor(
    target: BulkTarget,
    options: BulkFilesOptions,
    makeFile: BulkFileFactory,
    manifest: BulkManifest,
    path: string,
  ) {
    this.#target = target;
    this.#options = options;
    this.#makeFile = makeFile;
    this.#manifest = manifest;
    this.#path = path;
    this.#checker = new RowChecker(target.layout, target.embedder.dim, false);
    this.#seen = options.uniqueIds ? undefined : new KeySet();
    this.#settled = manifest.read;
    this.#rows = manifest.rows;
    this.#repeated = manifest.repeated;
    this.#failed = manifest.failed;
    this.#problems = [...manifest.problems];
    this.#files = [...manifest.files];
  }

  async run(rows: Iterable<unknown> | AsyncIterable<unknown>): Promise<BulkManifest> {
    const { signal } = this.#options;
    const abort = (): void => this.#interruption.interrupt(this.#aborted(signal!));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    try {
      await eachRow(rows, this.#interruption, (row) => this.#take(row));
      if (this.#read < this.#settled) {
        throw new MilvusError(
          'mismatch',
          `the input has ${this.#read} rows, but earlier files cover ${this.#settled}, so it is not the same input`,
        );
      }
      await this.#embed();
      await this.#endFile();
      await this.#record(true);
      return this.#manifest;
    } finally {
      signal?.removeEventListener('abort', abort);
      await this.#open?.output.abandon();
    }
  }

  #aborted(signal: AbortSignal): MilvusError {
    return abortedError(signal, `writing files for ${this.#target.name}`);
  }

  #take(found: unknown): Promise<void> | undefined {
    const index = this.#read++;
    const key = keyOf(found, this.#target.layout);
    const { shard, batchRows = DEFAULT_BATCH_ROWS } = this.#options;
    // A row without a key belongs to no shard; only shard 0 reports it.
    if (shard !== undefined && (key === undefined ? 0 : shardOf(key, shard.count)) !== shard.index) {
      return undefined;
    }
    if (index < this.#settled) {
      if (key !== undefined) this.#seen?.add(key);
      return undefined;
    }
    const checked = this.#checker.check(found, index);
    if (isProblem(checked)) {
      this.#fail({ index, id: checked.id, code: 'invalid-argument', reason: checked.reason });
      return undefined;
    }
    if (this.#seen?.add(checked.id) === false) {
      this.#repeated++;
      return undefined;
    }
    this.#pending.push(checked);
    return this.#pending.length >= batchRows ? this.#embed() : undefined;
  }

  #fail(row: FailedRow): void {
    this.#failed++;
    if (this.#problems.length < MOST_PROBLEMS) {
      const { index, id, reason } = row;
      this.#problems.push({ index, id: id === undefined ? undefined : String(id), reason });
    }
    this.#options.onFailed?.(row);
  }

  /** Embeds the pending rows and writes full row groups. */
  async #embed(): Promise<void> {
    this.#interruption.check();
    const rows = this.#pending;
    this.#pending = [];
    const embedded = await embedRows(rows, {
      embedder: this.#target.embedder,
      signal: this.#options.signal,
      interruption: this.#interruption,
      onProblem: ({ index, id }, reason) => this.#fail({ index, id, code: 'embedder', reason }),
    });
    const { groupBytes = DEFAULT_GROUP_BYTES, fileBytes = DEFAULT_FILE_BYTES } = this.#options;
    for (const [i, row] of embedded.rows.entries()) {
      this.#group.rows.push(row);
      this.#group.vectors.push(embedded.vectors[i]!);
      this.#group.bytes += row.size;
      if (this.#group.bytes >= groupBytes) await this.#writeGroup();
    }
    if ((this.#open?.file.bytes ?? 0) + this.#group.bytes >= fileBytes) {
      await this.#endFile();
      await this.#record(false);
    }
  }

  async #writeGroup(): Promise<void> {
    const { rows, vectors } = this.#group;
    if (rows.length === 0) return;
    this.#group = { rows: [], vectors: [], bytes: 0 };
    this.#open ??= await this.#newFile();
    await this.#open.file.write(rows, vectors);
    this.#rows += rows.length;
    this.#options.onProgress?.({
      read: this.#read,
      rows: this.#rows,
      files: this.#files.length + 1,
      bytes: this.#files.reduce((sum, { bytes }) => sum + bytes, this.#open.file.bytes),
    });
  }

  async #newFile(): Promise<OpenFile> {
    const { folder, shard, format = 'parquet' } = this.#options;
    const number = String(this.#files.length).padStart(5, '0');
    const name = `${partName(shard)}-${number}.${format}`;
    await rm(join(folder, unfinishedPath(name)), { force: true });
    const output = await OutputFile.create(join(folder, name));
    return { file: this.#makeFile(output, this.#target.layout), output, name };
  }

  async #endFile(): Promise<void> {
    await this.#writeGroup();
    if (this.#open === undefined) return;
    const { file, name } = this.#open;
    const { bytes, sha256 } = await file.finish();
    this.#open = undefined;
    this.#files.push({ name, rows: file.rows, bytes, sha256 });
  }

  /** Records the progress once everything read so far is in complete files. */
  async #record(complete: boolean): Promise<void> {
    this.#manifest = {
      ...this.#manifest,
      complete,
      read: this.#read,
      rows: this.#rows,
      repeated: this.#repeated,
      failed: this.#failed,
      problems: this.#problems,
      files: this.#files,
    };
    await writeManifest(this.#path, this.#manifest);
  }
}

/** The key of an unchecked row. */
function keyOf(found: unknown, layout: TextLayout): Key | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { id, text } = found as { readonly id?: unknown; readonly text?: unknown };
  if (typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint') return id;
  const isDerived = id === undefined && layout.key.type === 'varchar' && typeof text === 'string';
  return isDerived ? contentId(text) : undefined;
}
