import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { modelFilesOf, type SavedModelFiles, type StaticModel } from '@model2vec-ts/static-model';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import { AtomicFile } from './atomic-file.js';
import { removeAbandoned, temporaryFileName } from './temporary-name.js';
import { forgetUnfinished, rememberUnfinished } from './unfinished-files.js';

/**
 * Writes a model to a folder, and returns the number of bytes. A new folder appears with all its files at once. Files of
 * an existing folder are replaced when all new ones are on the disk. An interruption leaves neither files nor folders.
 */
export async function writeModel(model: StaticModel, folder: string): Promise<number> {
  const files = modelFilesOf(model, { card: { name: basename(resolve(folder)) } });
  let existing: string | undefined;
  try {
    existing = await realpath(folder);
  } catch (cause) {
    if (systemErrorCode(cause) !== 'ENOENT') throw fileError('write', folder, cause);
  }
  if (existing === undefined) await writeNewFolder(resolve(folder), files, folder);
  else await replaceFiles(folder, files);
  return Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0);
}

async function writeNewFolder(target: string, files: SavedModelFiles, shown: string): Promise<void> {
  const parent = dirname(target);
  await removeAbandoned(parent);
  // Next to the folder, hence on the same disk, so that a rename is one step.
  const staged = join(parent, temporaryFileName(basename(target)));
  let failing = shown;
  let begun = staged;
  try {
    begun = (await mkdir(staged, { recursive: true })) ?? staged;
    rememberUnfinished(begun);
    for (const [path, bytes] of Object.entries(files)) {
      failing = join(shown, path);
      await writeFile(join(staged, path), bytes, { flag: 'wx', flush: true });
    }
    failing = shown;
    await rename(staged, target);
  } catch (cause) {
    await rm(begun, { recursive: true, force: true }).catch(() => undefined);
    throw fileError('write', failing, cause);
  } finally {
    forgetUnfinished(begun);
  }
}

async function replaceFiles(folder: string, files: SavedModelFiles): Promise<void> {
  const begun: AtomicFile[] = [];
  try {
    for (const [path, bytes] of Object.entries(files)) {
      const file = await AtomicFile.create(join(folder, path));
      begun.push(file);
      await file.write(bytes);
    }
    for (const file of begun) await file.close();
  } catch (error) {
    for (const file of begun) await file.discard();
    throw error;
  }
}

/** Returns the size of a model's files in bytes. */
export function sizeOf(model: StaticModel): number {
  const { data, mapping, weights } = model.table;
  return (
    data.byteLength + (mapping?.byteLength ?? 0) + (weights?.byteLength ?? 0) + model.tokenizerJson.length
  );
}

/** Formats bytes as `12.3 MB`, or as `45 KB` below one megabyte. */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
