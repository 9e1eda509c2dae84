import { readdir } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { connectMilvus, MilvusError, TextCollection } from '@model2vec-ts/milvus-adapter';
import {
  BulkImportError,
  type BulkImportResult,
  type BulkManifest,
  importBulkFiles,
  readManifest,
} from '@model2vec-ts/milvus-adapter/bulk';
import { createEmbedder } from '../../flags/embedder.js';
import { connectionOptions } from '../../flags/milvus-flags.js';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError } from '../../terminal/cli-error.js';
import { fileError } from '../../terminal/file-error.js';
import { startStages } from '../../terminal/stage-progress.js';
import { Stopping } from '../../terminal/stopping.js';
import { counted, grouped } from '../../terminal/terminal.js';
import type { BulkImportFlags } from './bulk-flags.js';

/** `m2v bulk import`. */
export async function importFiles(folder: string, flags: BulkImportFlags): Promise<void> {
  const target = connectionOptions(flags);
  const stopping = new Stopping();
  const progress = startStages(flags.quiet !== true);
  try {
    const manifest = wholeManifest(folder, await manifestsIn(folder));
    const embedder = await createEmbedder(flags);
    try {
      const milvus = await connectMilvus(target);
      try {
        const collection = await TextCollection.open(milvus, {
          name: flags.collection,
          embedder,
          ...(flags.force === true && { force: true }),
        });
        const result = await importBulkFiles(collection, manifest, {
          prefix: flags.prefix,
          stateFile: flags.state ?? join(folder, `${flags.collection}.imports.json`),
          signal: stopping.signal,
          onProgress: ({ files, done, failed, rows, percent }) => {
            const bad = failed > 0 ? `, ${grouped(failed)} failed` : '';
            progress.show(
              `${percent}% | ${done} of ${counted(files, 'file')}${bad} | ${counted(rows, 'row')}`,
            );
          },
        });
        progress.stop();
        await report(result, flags);
      } finally {
        await milvus.close();
      }
    } finally {
      await embedder.close();
    }
  } catch (error) {
    progress.stop();
    if (error instanceof BulkImportError) {
      await report(error.result, flags);
      throw new FailureError(`${error.message}; the same command retries the failed files`, {
        cause: error,
      });
    }
    if (stopping.by === undefined || !MilvusError.isInstance(error)) throw error;
    process.exitCode = 128 + constants.signals[stopping.by];
    if (flags.quiet !== true) {
      process.stderr.write(
        'm2v: stopped; the server finishes the files it has, and the same command waits for them\n',
      );
    }
  } finally {
    stopping.end();
  }
}

async function manifestsIn(folder: string): Promise<BulkManifest[]> {
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw fileError('read', folder, cause);
  }
  const found = names.filter((name) => /^part.*\.manifest\.json$/.test(name)).sort();
  return await Promise.all(found.map((name) => readManifest(join(folder, name))));
}

/**
 * Merges the manifests of all shards.
 *
 * @throws FailureError if a shard is missing or incomplete, because an import cannot be extended later
 */
function wholeManifest(folder: string, manifests: readonly BulkManifest[]): BulkManifest {
  const [first] = manifests;
  if (first === undefined) {
    throw new FailureError(`${folder} has no manifest of import files; m2v bulk write makes them`);
  }
  const count = first.shard?.count;
  for (const manifest of manifests) {
    if (manifest.shard?.count !== count) {
      throw new FailureError(
        `${folder} has files of ${partsOf(first)} and of ${partsOf(manifest)}; write each division to its own folder`,
      );
    }
    if (manifest.fingerprint !== first.fingerprint || manifest.collection !== first.collection) {
      throw new FailureError(
        `${folder} has files of different models or collections (${first.collection}, ${manifest.collection}); write each to its own folder`,
      );
    }
  }
  const lacking = Array.from({ length: count ?? 1 }, (_, index) => index).filter(
    (index) => !manifests.some(({ shard, complete }) => complete && (shard?.index ?? 0) === index),
  );
  if (lacking.length > 0) {
    const which =
      count === undefined ? 'the writing' : `shard ${lacking.slice(0, 10).join(', ')} of ${count}`;
    throw new FailureError(`the files in ${folder} are incomplete: ${which} is not finished`);
  }
  const { shard: _one, ...rest } = first;
  return { ...rest, files: manifests.flatMap(({ files }) => files) };
}

function partsOf({ shard }: BulkManifest): string {
  return shard === undefined ? 'one part' : counted(shard.count, 'shard');
}

async function report({ rows, files, failed }: BulkImportResult, flags: BulkImportFlags): Promise<void> {
  const { collection, json, quiet } = flags;
  const facts = { collection, rows, files: files.length, failed };
  const line = json
    ? `${JSON.stringify(facts)}\n`
    : `${counted(rows, 'row')} of ${counted(files.length, 'file')} in ${collection}\n`;
  if (json || quiet !== true) await new StreamSink(process.stdout).write(Buffer.from(line));
  for (const { path, reason } of json ? [] : failed.slice(0, 10)) {
    process.stderr.write(`m2v: ${path}: ${reason}\n`);
  }
}
