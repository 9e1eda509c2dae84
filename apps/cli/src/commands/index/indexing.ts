import { constants } from 'node:os';
import { resolve } from 'node:path';
import {
  connectMilvus,
  describeTextCollection,
  IngestError,
  type IngestResult,
  type MilvusConnection,
  MilvusError,
  parseShard,
  type Shard,
  shardOf,
  TextCollection,
  type TextRow,
} from '@model2vec-ts/milvus-adapter';
import { creationOptions } from '../../flags/creation-flags.js';
import { createEmbedder } from '../../flags/embedder.js';
import { connectionOptions } from '../../flags/milvus-flags.js';
import { readingOptions } from '../../flags/reading-flags.js';
import { type Found, type FoundBatch, type FoundRow, isProblem, WHOLE_FILE } from '../../input/found-row.js';
import { type InputFile, inputName, STANDARD_INPUT, totalSize } from '../../input/input-file.js';
import { findInputFiles } from '../../input/input-files.js';
import { DEFAULT_CHUNK_SIZE, type ReadingOptions, readRows } from '../../input/row-reader.js';
import { RejectLog } from '../../output/reject-log.js';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError } from '../../terminal/cli-error.js';
import { IndexProgress } from '../../terminal/index-progress.js';
import { onInterruption } from '../../terminal/interruption.js';
import { noticesFor } from '../../terminal/notice.js';
import { counted, grouped, oneLine } from '../../terminal/terminal.js';
import type { IndexFlags } from './index-flags.js';
import { type JournalEntry, keyFromText, ResumeJournal } from './resume-journal.js';
import { type InputPlace, keyOf, RowLedger } from './row-ledger.js';
import type { SourceFile } from './source-file.js';
import { type FileChanges, SourceSync } from './source-sync.js';
import { type ComparedRow, ROWS_AT_ONCE, StoredRows } from './stored-rows.js';
import { changedFiles } from './watched-files.js';

/** `m2v index`. */
export async function indexFiles(named: readonly string[], flags: IndexFlags): Promise<void> {
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const files = await findInputFiles(named, flags.inputFormat, noticesFor(flags), { mayBeEmpty: true });
  const target = connectionOptions(flags);
  const embedder = await createEmbedder(flags);
  try {
    const milvus = await connectMilvus(target);
    try {
      const isNew = !(await milvus.hasCollection(flags.collection));
      // Without a collection, there is nothing that the missing files could leave.
      if (isNew && files.length === 0) await findInputFiles(named, flags.inputFormat, () => undefined);
      const collection = await TextCollection.openOrCreate(milvus, {
        name: flags.collection,
        embedder,
        ...creationOptions(flags),
      });
      const parts = { named, flags, shard, milvus, collection };
      const job = await IndexJob.begin({ ...parts, files, isNew });
      try {
        await job.run();
      } finally {
        await job.dropEmptyCollection();
      }
      await job.report();
      if (flags.watch !== true || job.isStopped) return;
      for await (const changed of changedFiles(named, files, flags)) {
        const next = await IndexJob.begin({ ...parts, files: changed, isNew: false });
        await next.run();
        await next.report();
        if (next.isStopped) return;
      }
    } finally {
      await milvus.close();
    }
  } finally {
    await embedder.close();
  }
}

interface JobParts {
  /** Files, folders and patterns as the call names them. */
  readonly named: readonly string[];
  readonly files: readonly InputFile[];
  readonly flags: IndexFlags;
  readonly shard: Shard | undefined;
  readonly milvus: MilvusConnection;
  readonly collection: TextCollection;
  /** Whether this run has created the collection. */
  readonly isNew: boolean;
}

const NOWHERE: InputPlace = { file: 0, found: 0 };

/** One run over the input. */
class IndexJob {
  readonly #parts: JobParts;
  readonly #journal: ResumeJournal | undefined;
  readonly #continued: JournalEntry | undefined;
  readonly #ledger = new RowLedger();
  readonly #rejects: RejectLog;
  readonly #progress: IndexProgress;
  readonly #begun: number = performance.now();
  readonly #stored: StoredRows;
  /** `undefined` for parts of an input, for a pipe, and for collections without further fields. */
  readonly #sync: SourceSync | undefined;
  /** Positions of rows on the way whose key an earlier row had. */
  readonly #duplicatesSent = new Set<number>();
  #result: IngestResult | undefined;
  #hasStored = false;
  #sent = 0;
  /** Number of sent rows that are settled, without a gap. */
  #complete = 0;
  #empty = 0;
  #unchanged = 0;
  #duplicates = 0;
  #isDropped = false;
  #stoppedBy: NodeJS.Signals | undefined;

  private constructor(
    parts: JobParts,
    sync: SourceSync | undefined,
    journal: ResumeJournal | undefined,
    continued: JournalEntry | undefined,
  ) {
    const { files, flags } = parts;
    this.#parts = parts;
    // With --force, the vectors of an equal text may be those of another model.
    this.#stored = new StoredRows(parts.collection, !parts.isNew && flags.force !== true);
    this.#sync = sync;
    this.#journal = journal;
    this.#continued = continued;
    this.#rejects = new RejectLog(files, flags.rejects, continued?.rejectsBytes ?? 0);
    this.#progress = new IndexProgress(totalSize(files), continued?.position ?? 0, flags.quiet !== true);
  }

  static async begin(parts: JobParts): Promise<IndexJob> {
    const { flags, files, milvus, collection, named, shard } = parts;
    const { onNotice: _, ...recipe } = readingOptions(flags, () => undefined);
    // With --force, equal files may have the vectors of another model.
    const readsAll = flags.fresh === true || flags.force === true;
    const sync =
      shard === undefined
        ? await SourceSync.begin(collection, { named, files, recipe, readsAll })
        : undefined;
    const { id } = await describeTextCollection(milvus, flags.collection);
    const journal = ResumeJournal.of(
      {
        files,
        settings: {
          // A Milvus Lite folder has another port on each start, and a path may be written in several ways.
          target: /:\/\//.test(flags.milvus!) ? flags.milvus : resolve(flags.milvus!),
          database: milvus.database,
          collection: flags.collection,
          id,
          fingerprint: collection.embedder.fingerprint,
          textField: flags.textField,
          encoding: flags.encoding,
          idField: flags.idField,
          idType: flags.idType,
          fields: flags.fields,
          delimiter: flags.delimiter,
          columns: flags.columns,
          strings: flags.strings === true,
          chunkSize: flags.chunkSize ?? DEFAULT_CHUNK_SIZE,
          shard: flags.shard,
        },
      },
      flags.state,
      ({ message }) => noticesFor(flags)(`${message}; if interrupted, this run will repeat more rows`),
    );
    if (flags.fresh === true || parts.isNew) journal?.remove();
    const entry = journal?.read();
    if (entry === undefined) return new IndexJob(parts, sync, journal, undefined);
    if (await holdsSamples(collection, entry)) return new IndexJob(parts, sync, journal, entry);
    journal!.remove();
    if (flags.quiet !== true) {
      process.stderr.write(
        `m2v: rows of an earlier run are no longer in ${flags.collection}; beginning at the first row\n`,
      );
    }
    return new IndexJob(parts, sync, journal, undefined);
  }

  /** Whether a signal stopped the run. */
  get isStopped(): boolean {
    return this.#stoppedBy !== undefined;
  }

  async run(): Promise<void> {
    const { collection, flags } = this.#parts;
    if (this.#continued !== undefined && flags.quiet !== true) this.#reportContinued(this.#continued);
    onInterruption((signal) => this.#interrupt(signal));
    try {
      this.#result = await collection.upsert(this.#rows(), {
        onFailed: ({ index, id, code, reason }) => {
          if (this.#duplicatesSent.delete(index)) this.#duplicates--;
          this.#ledger.fail(index, { id: id === undefined ? undefined : String(id), code, reason });
        },
        onProgress: ({ stored, complete }) => {
          this.#hasStored ||= stored > 0;
          this.#complete = complete;
          this.#settle(complete);
          this.#progress.update(stored);
        },
      });
      this.#ledger.finish();
      this.#settle(Number.POSITIVE_INFINITY);
      if (!this.isStopped && flags.keepMissing !== true) await this.#sync?.removeMissing();
    } catch (error) {
      this.#journal?.write();
      this.#progress.stop();
      this.#rejects.close();
      throw this.#advised(error);
    } finally {
      onInterruption(undefined);
    }
    if (this.#stoppedBy === undefined) this.#journal?.remove();
    else this.#journal?.write();
    this.#progress.stop();
    this.#rejects.close();
  }

  /**
   * Drops the collection if this run has created it and stored nothing. A shard leaves it, because the other shards
   * store into it too.
   */
  async dropEmptyCollection(): Promise<void> {
    const { isNew, shard, collection } = this.#parts;
    if (!isNew || shard !== undefined || this.#hasStored) return;
    try {
      if ((await collection.count(undefined, { consistency: 'strong' })) > 0) return;
      await collection.drop();
      this.#isDropped = true;
    } catch (error) {
      // The run has failed for another reason, which is the one to report.
      if (!MilvusError.isInstance(error)) throw error;
    }
  }

  async *#rows(): AsyncGenerator<TextRow, void, undefined> {
    try {
      yield* this.#allRows();
    } catch (error) {
      // An interruption closes the pipe, which makes its reader fail.
      if (this.#stoppedBy === undefined) throw error;
    }
  }

  async *#allRows(): AsyncGenerator<TextRow, void, undefined> {
    const { files } = this.#parts;
    const { file: firstFile, found: passedOver } = this.#continued?.place ?? NOWHERE;
    let before = 0;
    for (const [number, file] of files.entries()) {
      if (number >= firstFile) {
        const toPass = number === firstFile ? passedOver : 0;
        this.#ledger.beginFile(number, toPass);
        const unchanged = await this.#sync?.unchangedRows(file);
        if (unchanged === undefined) yield* this.#fileRows(file, before, toPass);
        else this.#unchanged += unchanged;
        if (this.#stoppedBy !== undefined) return;
        this.#ledger.endFile(before + (file.size ?? 0));
      }
      before += file.size ?? 0;
    }
  }

  /** Yields the rows of a file that must be sent, without its first `toPass` findings. */
  async *#fileRows(
    file: InputFile,
    before: number,
    toPass: number,
  ): AsyncGenerator<TextRow, void, undefined> {
    const options = readingOptions(this.#parts.flags, noticesFor(this.#parts.flags));
    const source = await this.#sync?.beginFile(file);
    let isReadable = true;
    let position = before;
    let passing = toPass;
    // The findings from the last row on, which waits until it is known to be the last.
    let held: readonly Found[] = [];
    for await (const batch of this.#batches(file, options)) {
      if (this.#stoppedBy !== undefined) return;
      position = before + batch.position;
      this.#empty += batch.empty;
      const passed = batch.found.slice(0, passing);
      passing -= passed.length;
      if (source !== undefined) await this.#addPassed(passed, source);
      const found = [...held, ...batch.found.slice(passed.length)];
      if (found.some((each) => isProblem(each) && each.line === WHOLE_FILE)) isReadable = false;
      const last = found.findLastIndex((each) => !isProblem(each));
      const end = source === undefined || last < 0 ? found.length : last;
      held = found.slice(end);
      for (let start = 0; start < end; start += ROWS_AT_ONCE) {
        const part = found.slice(start, Math.min(end, start + ROWS_AT_ONCE));
        yield* this.#changedRows(part, position, source, false);
        if (this.#stoppedBy !== undefined) return;
        // Unchanged rows are settled without a request that would report progress.
        this.#settle(this.#complete);
      }
    }
    if (source === undefined || this.#stoppedBy !== undefined) return;
    yield* this.#changedRows(held, position, source, true);
    if (this.#stoppedBy === undefined) await this.#sync!.endFile(source, isReadable);
  }

  /** Adds the findings of an earlier run to their file. */
  async #addPassed(passed: readonly Found[], source: SourceFile): Promise<void> {
    if (passed.some(isProblem)) source.lose();
    const rows = passed.filter((each): each is FoundRow => !isProblem(each)).map(({ row }) => row);
    for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
      await this.#stored.compare(rows.slice(start, start + ROWS_AT_ONCE), source);
    }
  }

  /** Yields the rows that must be sent, and accounts for the others. */
  async *#changedRows(
    found: readonly Found[],
    position: number,
    source: SourceFile | undefined,
    isLast: boolean,
  ): AsyncGenerator<TextRow, void, undefined> {
    const { shard } = this.#parts;
    const isMine = ({ row }: FoundRow): boolean =>
      shard === undefined || shardOf(keyOf(row), shard.count) === shard.index;
    if (found.some(isProblem)) source?.lose();
    const rows = found.filter((each): each is FoundRow => !isProblem(each) && isMine(each));
    const compared = await this.#stored.compare(
      rows.map(({ row }) => row),
      source,
      isLast,
    );
    const comparedBy = new Map<Found, ComparedRow>(rows.map((each, i) => [each, compared[i]!]));
    for (const each of found) {
      const { row, state } = comparedBy.get(each) ?? {};
      if (isProblem(each)) {
        const { line, id, reason } = each;
        this.#ledger.passOver(position, { line, id, code: 'unreadable', reason });
      } else if (row === undefined) {
        this.#ledger.passOver(position);
      } else if (state === 'unchanged') {
        this.#unchanged++;
        this.#ledger.passOver(position);
      } else {
        if (state === 'duplicate') {
          this.#duplicates++;
          this.#duplicatesSent.add(this.#sent);
        }
        this.#sent++;
        this.#ledger.send(each.line, row, position);
        yield row;
        if (this.#stoppedBy !== undefined) return;
      }
    }
  }

  /** Yields the content of a file. A file that cannot be read fails alone if there are several. */
  async *#batches(file: InputFile, options: ReadingOptions): AsyncGenerator<FoundBatch, void, undefined> {
    let position = 0;
    try {
      for await (const batch of readRows(file, options)) {
        position = batch.position;
        yield batch;
      }
    } catch (error) {
      const isAlone = this.#parts.files.length === 1 || this.#stoppedBy !== undefined;
      if (isAlone || !(error instanceof FailureError)) throw error;
      const name = inputName(file.path);
      const reason = error.message.replace(`cannot read ${name}: `, '').replace(`${name}: `, '');
      yield { found: [{ line: WHOLE_FILE, reason: reason.replace(name, 'it') }], empty: 0, position };
    }
  }

  #settle(complete: number): void {
    // Positions rise in a set, so that the settled ones come first.
    for (const index of this.#duplicatesSent) {
      if (index >= complete) break;
      this.#duplicatesSent.delete(index);
    }
    const settled = this.#ledger.settle(complete);
    if (settled === undefined) return;
    this.#rejects.add(settled.rejects);
    this.#journal?.note(settled, this.#rejects.bytes);
    this.#progress.reach(settled.position);
  }

  #interrupt(signal: NodeJS.Signals): 'finishing' | 'end now' {
    if (this.#stoppedBy !== undefined) return 'end now';
    this.#stoppedBy = signal;
    if (this.#parts.flags.quiet !== true) {
      this.#progress.stop();
      process.stderr.write('m2v: stopping after the rows on their way are stored; press again to stop now\n');
    }
    // A reader of a silent pipe would wait for the next line.
    if (this.#parts.files.some(({ path }) => path === STANDARD_INPUT)) process.stdin.destroy();
    return 'finishing';
  }

  #reportContinued({ place, position }: JournalEntry): void {
    const { files } = this.#parts;
    const file = files[place.file];
    const where = file === undefined ? 'the end' : `row ${grouped(place.found + 1)} of ${oneLine(file.path)}`;
    const share = this.#progress.shareOf(position);
    process.stderr.write(`m2v: continuing at ${where}${share}; --fresh starts at the first row\n`);
  }

  #advised(error: unknown): unknown {
    if (!(error instanceof IngestError)) return error;
    const effect =
      this.#journal === undefined
        ? 'sends all rows again and skips those that are stored'
        : 'continues there';
    return new FailureError(error.message, {
      cause: error,
      remedy: { code: 'run-command', command: 'the same command', effect },
    });
  }

  /** Prints the result and sets the exit code. */
  async report(): Promise<void> {
    const { flags, files } = this.#parts;
    const result = this.#result!;
    // The ingest counts a key once per batch; a later batch with the same key replaces the row.
    const stored = result.stored - Math.max(0, this.#duplicates - result.superseded);
    const seconds = (performance.now() - this.#begun) / 1000;
    const earlier = this.#continued?.rejected ?? 0;
    const rejected = this.#rejects.count;
    const facts = {
      collection: flags.collection,
      files: files.length,
      stored,
      unchanged: this.#unchanged,
      removed: this.#sync?.removedRows,
      fileChanges: this.#sync?.changes,
      repeated: this.#duplicates,
      rejected,
      rejectedEarlier: earlier,
      empty: this.#empty,
      continued: this.#continued !== undefined,
      complete: this.#stoppedBy === undefined,
      seconds: Math.round(seconds * 1000) / 1000,
    };
    const sink = new StreamSink(process.stdout);
    if (flags.json) await sink.write(Buffer.from(`${JSON.stringify(facts)}\n`));
    else if (flags.quiet !== true) {
      const rate = seconds > 0 && stored > 0 ? `, ${grouped(Math.round(stored / seconds))} rows/s` : '';
      const rest = [
        this.#unchanged > 0 && `${grouped(this.#unchanged)} unchanged`,
        (this.#sync?.removedRows ?? 0) > 0 && `${grouped(this.#sync!.removedRows)} removed`,
        this.#duplicates > 0 && `${grouped(this.#duplicates)} repeated`,
        this.#empty > 0 && `${grouped(this.#empty)} empty`,
        rejected > 0 && `${grouped(rejected)} rejected`,
      ].filter((part) => part !== false);
      const outcome = this.#isDropped
        ? `no row stored, so ${flags.collection} was not created`
        : `${counted(stored, 'row')} stored in ${flags.collection}`;
      await sink.write(
        Buffer.from(
          `${[`${outcome} (${seconds.toFixed(1)} s${rate})`, rest.join(', '), changesText(this.#sync?.changes)].filter(Boolean).join('; ')}\n`,
        ),
      );
    }
    const sharing = this.#sync?.sharingIds ?? 0;
    if (sharing > 0) {
      noticesFor(flags)(
        `${counted(sharing, 'file')} with ids that another file also has; the last file keeps those rows, and each run reads ` +
          'these files again: give every row its own id',
      );
    }
    for (const line of this.#rejects.lines()) process.stderr.write(`m2v: ${line}\n`);
    if (this.#stoppedBy !== undefined) {
      process.exitCode = 128 + constants.signals[this.#stoppedBy];
      if (flags.quiet !== true) {
        process.stderr.write(
          this.#journal === undefined
            ? 'm2v: stopped; a pipe cannot be continued, but the same rows may be sent again\n'
            : 'm2v: stopped; the same command continues here\n',
        );
      }
      return;
    }
    if (rejected + earlier > 0 && flags.allowRejects !== true) process.exitCode = 1;
  }
}

/** `files: 1 added, 2 changed`; empty for a run that read nothing but new files. */
function changesText(changes: FileChanges | undefined): string {
  if (changes === undefined || changes.changed + changes.unchanged + changes.removed === 0) return '';
  const parts = Object.entries(changes).filter(([, count]) => count > 0);
  return `files: ${parts.map(([what, count]) => `${grouped(count)} ${what}`).join(', ')}`;
}

/** Whether rows that an earlier run stored are still there; the collection may have been replaced or restored. */
async function holdsSamples(collection: TextCollection, { samples }: JournalEntry): Promise<boolean> {
  const { type } = collection.layout.key;
  const keys = samples.map((id) => keyFromText(id, type === 'int64' ? 'int64' : 'varchar'));
  const rows = await collection.get(keys, { fields: [], consistency: 'strong' });
  return rows.every((row) => row !== undefined);
}
