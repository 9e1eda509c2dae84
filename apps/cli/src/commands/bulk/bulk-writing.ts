import { constants } from 'node:os';
import {
  connectMilvus,
  MilvusError,
  parseShard,
  type Shard,
  TextCollection,
  type TextRow,
} from '@model2vec-ts/milvus-adapter';
import {
  type BulkManifest,
  manifestPath,
  readManifest,
  writeBulkFiles,
} from '@model2vec-ts/milvus-adapter/bulk';
import { creationOptions } from '../../flags/creation-flags.js';
import { createEmbedder } from '../../flags/embedder.js';
import { connectionOptions } from '../../flags/milvus-flags.js';
import { readingOptions } from '../../flags/reading-flags.js';
import { isProblem } from '../../input/found-row.js';
import { type InputFile, STANDARD_INPUT, totalSize } from '../../input/input-file.js';
import { findInputFiles } from '../../input/input-files.js';
import { readRows } from '../../input/row-reader.js';
import { RejectLog } from '../../output/reject-log.js';
import { StreamSink } from '../../output/stream-sink.js';
import { IndexProgress } from '../../terminal/index-progress.js';
import { noticesFor } from '../../terminal/notice.js';
import { Stopping } from '../../terminal/stopping.js';
import { counted, grouped } from '../../terminal/terminal.js';
import type { BulkWriteFlags } from './bulk-flags.js';
import { RowPlaces } from './row-places.js';

/** `m2v bulk write`. */
export async function writeFiles(named: readonly string[], flags: BulkWriteFlags): Promise<void> {
  const shard = flags.shard === undefined ? undefined : parseShard(flags.shard);
  const files = await findInputFiles(named, flags.inputFormat, noticesFor(flags));
  const target = connectionOptions(flags);
  const embedder = await createEmbedder(flags);
  try {
    const milvus = await connectMilvus(target);
    let collection: TextCollection;
    try {
      collection = await TextCollection.openOrCreate(milvus, {
        name: flags.collection,
        embedder,
        ...creationOptions(flags),
      });
    } finally {
      // Only the schema is needed; hours of writing should not depend on a server.
      await milvus.close();
    }
    await new BulkWriting(files, flags, shard, collection).run();
  } finally {
    await embedder.close();
  }
}

/** Rows whose places are kept per shard: several batches, because a row may fail only when it is embedded. */
const PLACES = 8192;
const MOST_PLACES = 1 << 22;

/** One run over the input. */
class BulkWriting {
  readonly #files: readonly InputFile[];
  readonly #flags: BulkWriteFlags;
  readonly #shard: Shard | undefined;
  readonly #collection: TextCollection;
  readonly #rejects: RejectLog;
  readonly #progress: IndexProgress;
  readonly #places: RowPlaces;
  #unreadable = 0;
  #empty = 0;

  constructor(
    files: readonly InputFile[],
    flags: BulkWriteFlags,
    shard: Shard | undefined,
    collection: TextCollection,
  ) {
    this.#files = files;
    this.#flags = flags;
    this.#shard = shard;
    this.#collection = collection;
    this.#rejects = new RejectLog(files, undefined, 0);
    // A batch of a shard is spread over as many times more input rows as there are shards.
    this.#places = new RowPlaces(Math.min(MOST_PLACES, PLACES * (shard?.count ?? 1)));
    this.#progress = new IndexProgress(totalSize(files), 0, flags.quiet !== true);
  }

  async run(): Promise<void> {
    const { output: folder, format, uniqueIds = false } = this.#flags;
    const stopping = new Stopping(() => {
      // A silent pipe would keep the program alive.
      if (this.#files.some(({ path }) => path === STANDARD_INPUT)) process.stdin.destroy();
    });
    const begun = performance.now();
    const earlier = await this.#earlier();
    try {
      const manifest = await writeBulkFiles(this.#collection, this.#rows(), {
        folder,
        format,
        uniqueIds,
        ...(this.#shard !== undefined && { shard: this.#shard }),
        signal: stopping.signal,
        onProgress: ({ rows }) => this.#progress.update(rows),
        onFailed: ({ index, id, code, reason }) => {
          const { file, line } = this.#places.of(index) ?? { file: 0, line: 0 };
          this.#rejects.add([{ file, line, id: id === undefined ? undefined : String(id), code, reason }]);
        },
      });
      this.#progress.stop();
      await this.#report(manifest, earlier, (performance.now() - begun) / 1000);
    } catch (error) {
      this.#progress.stop();
      if (stopping.by === undefined || !isAborted(error)) throw error;
      process.exitCode = 128 + constants.signals[stopping.by];
      const { files = [] } = (await this.#earlier()) ?? {};
      this.#tell(
        `stopped with ${counted(files.length, 'complete file')}; the same command continues after them`,
      );
    } finally {
      stopping.end();
    }
  }

  /**
   * Files that an earlier run wrote; `undefined` also if they cannot be read, which is reported when writing starts.
   */
  async #earlier(): Promise<BulkManifest | undefined> {
    try {
      return await readManifest(manifestPath(this.#flags.output, this.#shard));
    } catch (error) {
      if (!MilvusError.isInstance(error)) throw error;
      return undefined;
    }
  }

  async *#rows(): AsyncGenerator<TextRow, void, undefined> {
    const options = readingOptions(this.#flags, noticesFor(this.#flags));
    // Unreadable input belongs to no shard; only shard 0 reports it.
    const tells = (this.#shard?.index ?? 0) === 0;
    let before = 0;
    for (const [file, input] of this.#files.entries()) {
      for await (const { found, empty, position } of readRows(input, options)) {
        this.#empty += empty;
        for (const each of found) {
          if (!isProblem(each)) {
            this.#places.add(file, each.line);
            yield each.row;
          } else if (tells) {
            const { line, id, reason } = each;
            this.#unreadable++;
            this.#rejects.add([{ file, line, id, code: 'unreadable', reason }]);
          }
        }
        this.#progress.reach(before + position);
      }
      before += input.size ?? 0;
    }
  }

  async #report(manifest: BulkManifest, earlier: BulkManifest | undefined, seconds: number): Promise<void> {
    const { output: folder, collection, json, quiet, allowRejects } = this.#flags;
    const { rows, repeated, files } = manifest;
    const rejected = manifest.failed + this.#unreadable;
    const facts = {
      collection,
      folder,
      ...(this.#shard !== undefined && { shard: this.#flags.shard }),
      rows,
      files: files.length,
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      repeated,
      rejected,
      empty: this.#empty,
      continued: earlier !== undefined,
      seconds: Math.round(seconds * 1000) / 1000,
    };
    const sink = new StreamSink(process.stdout);
    if (json) await sink.write(Buffer.from(`${JSON.stringify(facts)}\n`));
    else if (earlier?.complete) this.#tell(`${folder} is complete already`);
    if (!json && quiet !== true) {
      const rest = [
        repeated > 0 && `${grouped(repeated)} repeated`,
        this.#empty > 0 && `${grouped(this.#empty)} empty`,
        rejected > 0 && `${grouped(rejected)} rejected`,
      ].filter((part) => part !== false);
      const counts = `${counted(rows, 'row')} in ${counted(files.length, 'file')} in ${folder}`;
      await sink.write(
        Buffer.from(`${counts} (${seconds.toFixed(1)} s)${rest.length > 0 ? `; ${rest.join(', ')}` : ''}\n`),
      );
    }
    for (const line of this.#rejects.lines()) process.stderr.write(`m2v: ${line}\n`);
    if (rejected > 0 && allowRejects !== true) process.exitCode = 1;
  }

  #tell(line: string): void {
    if (this.#flags.quiet !== true) process.stderr.write(`m2v: ${line}\n`);
  }
}

function isAborted(error: unknown): boolean {
  return MilvusError.isInstance(error) && error.code === 'aborted';
}
