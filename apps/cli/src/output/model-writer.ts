import { mkdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { modelFilesOf, type StaticModel } from '@model2vec-ts/static-model';
import { fileError } from '../terminal/file-error.js';
import { AtomicFile } from './atomic-file.js';
import { forgetUnfinished, rememberUnfinished } from './unfinished-files.js';

/**
 * Writes a model to a folder, which is created if missing, and returns the number of bytes. The files appear when all
 * of them are on the disk; an interruption leaves no file and no new folder.
 */
export async function writeModel(model: StaticModel, folder: string): Promise<number> {
  const files = Object.entries(modelFilesOf(model, { card: { name: basename(resolve(folder)) } }));
  let made: string | undefined;
  try {
    made = await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw fileError('write', folder, cause);
  }
  if (made !== undefined) rememberUnfinished(made);
  const begun: AtomicFile[] = [];
  try {
    for (const [path, bytes] of files) {
      const file = await AtomicFile.create(join(folder, path));
      begun.push(file);
      await file.write(bytes);
    }
    for (const file of begun) await file.close();
  } catch (error) {
    for (const file of begun) await file.discard();
    throw error;
  } finally {
    if (made !== undefined) forgetUnfinished(made);
  }
  return files.reduce((sum, [, bytes]) => sum + bytes.length, 0);
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
