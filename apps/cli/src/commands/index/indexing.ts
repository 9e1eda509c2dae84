import { constants } from 'node:os';
import { resolve } from 'node:path';
import {
  connectMilvus,
  describeTextCollection,
  IngestError,
  type IngestResult,
  type MilvusConnection,
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
import { type FoundBatch, isProblem, WHOLE_FILE } from '../../input/found-row.js';
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

/** `m2v index`. */
export async function indexFiles(named: readonly string[], flags: IndexFlags): Promise<void> {
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const files = await findInputFiles(named, flags.inputFormat, noticesFor(flags));
  const target = connectionOptions(flags);
  const embedder = await createEmbedder(flags);
  try {
    const milvus = await connectMilvus(target);
    try {
      const isNew = !(await milvus.hasCollection(flags.collection));
      const collection = await TextCollection.openOrCreate(milvus, {
        name: flags.collection,
        embedder,
        ...creationOptions(flags),
      });
      const job = await IndexJob.begin({ files, flags, shard, milvus, collection, isNew });
      await job.run();
    } finally {
      await milvus.close();
    }
  } finally {
    await embedder.close();
  }
}

interface JobParts {
  readonly files: readonly InputFile[];
  readonly flags: IndexFlags;
  readonly shard: Shard | undefined;
  readonly milvus: MilvusConnection;
  readonly collection: TextCollection;
  /** Whether the collection has just been made. */
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
  #empty = 0;
  #stoppedBy: NodeJS.Signals | undefined;

  private constructor(
    parts: JobParts,
    journal: ResumeJournal | undefined,
    continued: JournalEntry | undefined,
  ) {
    const { files, flags } = parts;
    this.#parts = parts;
    this.#journal = journal;
    this.#continued = continued;
    this.#rejects = new RejectLog(files, flags.rejects, continued?.rejectsBytes ?? 0);
    this.#progress = new IndexProgress(totalSize(files), continued?.position ?? 0, flags.quiet !== true);
  }

  static async begin(parts: JobParts): Promise<IndexJob> {
    const { flags, files, milvus, collection } = parts;
    const { id } = await describeTextCollection(milvus, flags.collection);
    const journal = ResumeJournal.of(
      {
        files,
        settings: {
          // A folder's server has another port each time, and an address may be written in several ways.
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
    );
    if (flags.fresh === true || parts.isNew) journal?.remove();
    const entry = journal?.read();
    if (entry === undefined) return new IndexJob(parts, journal, undefined);
    if (await holdsSamples(collection, entry)) return new IndexJob(parts, journal, entry);
    journal!.remove();
    if (flags.quiet !== true) {
      process.stderr.write(
        `m2v: rows of an earlier run are no longer in ${flags.collection}; beginning at the first row\n`,
      );
    }
    return new IndexJob(parts, journal, undefined);
  }

  async run(): Promise<void> {
    const { collection, flags } = this.#parts;
    if (this.#continued !== undefined && flags.quiet !== true) this.#tellContinued(this.#continued);
    onInterruption((signal) => this.#interrupt(signal));
    let result: IngestResult;
    try {
      result = await collection.upsert(this.#rows(), {
        onFailed: ({ index, id, code, reason }) => {
          this.#ledger.fail(index, { id: id === undefined ? undefined : String(id), code, reason });
        },
        onProgress: ({ stored, complete }) => {
          this.#settle(complete);
          this.#progress.update(stored);
        },
      });
      this.#ledger.finish();
      this.#settle(Number.POSITIVE_INFINITY);
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
    await this.#report(result);
  }

  async *#rows(): AsyncGenerator<TextRow, void, undefined> {
    try {
      yield* this.#allRows();
    } catch (error) {
      // A pipe that is closed under its reader fails, which is how it is made to stop.
      if (this.#stoppedBy === undefined) throw error;
    }
  }

  async *#allRows(): AsyncGenerator<TextRow, void, undefined> {
    const { files, flags, shard } = this.#parts;
    const options = readingOptions(flags, noticesFor(flags));
    const { file: firstFile, found: passedOver } = this.#continued?.place ?? NOWHERE;
    let before = 0;
    for (const [number, file] of files.entries()) {
      if (number >= firstFile) {
        let toPass = number === firstFile ? passedOver : 0;
        this.#ledger.beginFile(number, toPass);
        for await (const batch of this.#batches(file, options)) {
          if (this.#stoppedBy !== undefined) return;
          const position = before + batch.position;
          this.#empty += batch.empty;
          for (const found of batch.found) {
            if (toPass > 0) {
              toPass--;
              continue;
            }
            if (isProblem(found)) {
              const { line, id, reason } = found;
              this.#ledger.passOver(position, { line, id, code: 'unreadable', reason });
            } else if (shard !== undefined && shardOf(keyOf(found.row), shard.count) !== shard.index) {
              this.#ledger.passOver(position);
            } else {
              this.#ledger.send(found.line, found.row, position);
              yield found.row;
              if (this.#stoppedBy !== undefined) return;
            }
          }
        }
        if (this.#stoppedBy !== undefined) return;
        this.#ledger.endFile(before + (file.size ?? 0));
      }
      before += file.size ?? 0;
    }
  }

  /** What a file holds. Among several, one that cannot be read is a reject, and the others go in. */
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
      process.stderr.write('m2v: stopping when the rows on their way are stored; once more to stop now\n');
    }
    // Whoever reads from a silent pipe would wait for its next line.
    if (this.#parts.files.some(({ path }) => path === STANDARD_INPUT)) process.stdin.destroy();
    return 'finishing';
  }

  #tellContinued({ place, position }: JournalEntry): void {
    const { files } = this.#parts;
    const file = files[place.file];
    const where = file === undefined ? 'the end' : `row ${grouped(place.found + 1)} of ${oneLine(file.path)}`;
    const share = this.#progress.shareOf(position);
    process.stderr.write(`m2v: continuing at ${where}${share}; --fresh begins at the first row\n`);
  }

  #advised(error: unknown): unknown {
    if (!(error instanceof IngestError)) return error;
    const effect =
      this.#journal === undefined
        ? 'sends all rows again, which changes nothing for those that are stored'
        : 'continues there';
    return new FailureError(error.message, {
      cause: error,
      remedy: { code: 'run-command', command: 'the same command', effect },
    });
  }

  async #report(result: IngestResult): Promise<void> {
    const { flags, files } = this.#parts;
    const seconds = (performance.now() - this.#begun) / 1000;
    const earlier = this.#continued?.rejected ?? 0;
    const rejected = this.#rejects.count;
    const facts = {
      collection: flags.collection,
      files: files.length,
      stored: result.stored,
      repeated: result.superseded,
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
      const rate =
        seconds > 0 && result.stored > 0 ? `, ${grouped(Math.round(result.stored / seconds))} rows/s` : '';
      const rest = [
        result.superseded > 0 && `${grouped(result.superseded)} repeated`,
        this.#empty > 0 && `${grouped(this.#empty)} empty`,
        rejected > 0 && `${grouped(rejected)} rejected`,
      ].filter((part) => part !== false);
      await sink.write(
        Buffer.from(
          `${counted(result.stored, 'row')} in ${flags.collection} (${seconds.toFixed(1)} s${rate})${rest.length > 0 ? `; ${rest.join(', ')}` : ''}\n`,
        ),
      );
    }
    for (const line of this.#rejects.lines()) process.stderr.write(`m2v: ${line}\n`);
    if (this.#stoppedBy !== undefined) {
      process.exitCode = 128 + constants.signals[this.#stoppedBy];
      if (flags.quiet !== true) {
        process.stderr.write(
          this.#journal === undefined
            ? 'm2v: stopped; a pipe cannot be continued, but rows that are in may be sent again\n'
            : 'm2v: stopped; the same command continues here\n',
        );
      }
      return;
    }
    if (rejected + earlier > 0 && flags.allowRejects !== true) process.exitCode = 1;
  }
}

/** Whether the rows that an earlier run stored are still there: the collection may be another, or older. */
async function holdsSamples(collection: TextCollection, { samples }: JournalEntry): Promise<boolean> {
  const { type } = collection.layout.key;
  const keys = samples.map((id) => keyFromText(id, type === 'int64' ? 'int64' : 'varchar'));
  const rows = await collection.get(keys, { fields: [], consistency: 'strong' });
  return rows.every((row) => row !== undefined);
}
