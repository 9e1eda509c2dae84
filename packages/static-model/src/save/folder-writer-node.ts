import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { WriteFolder } from './folder-writer.js';
import { ModelNotSavedError } from './save-error.js';

/** Large enough that calls cost nothing, small enough that a signal is heard. */
const WRITE_BYTES = 8 << 20;

/** Causes that a person can do something about; any other is told by its code. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; check who owns it',
  EPERM: 'permission denied; check who owns it',
  EROFS: 'the file system is read-only; choose another folder',
  ENOSPC: 'the disk is full; free space or choose another folder',
  EDQUOT: 'the disk quota is used up; free space or choose another folder',
  ENOTDIR: 'a part of the path is a file, not a folder; check the path',
  EEXIST: 'a part of the path is a file, not a folder; check the path',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
};

function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function notSaved(folder: string, cause: unknown): ModelNotSavedError {
  const code = systemCode(cause);
  const reason = (code && REASONS[code]) ?? code ?? String(cause);
  return new ModelNotSavedError(folder, `cannot save the model in ${folder}: ${reason}`, { cause });
}

/** Node, and the platforms that have its modules. */
export const writeFolder: WriteFolder = async (target, files, signal) => {
  const named = resolve(target instanceof URL ? fileURLToPath(target) : target);
  const folder = await realpath(named).catch(() => named);
  // Beside the folder, hence on the same disk: a rename is then one step.
  const name = `.${basename(folder).slice(0, 100)}.${randomBytes(6).toString('hex')}.tmp`;
  const staged = join(dirname(folder), name);
  try {
    await mkdir(staged, { recursive: true });
    for (const [path, bytes] of Object.entries(files)) {
      const file = join(staged, ...path.split('/'));
      await mkdir(dirname(file), { recursive: true });
      await writeDurably(file, bytes, signal);
    }
    signal?.throwIfAborted();
    await putInPlace(staged, folder, Object.keys(files));
  } catch (error) {
    if (signal?.aborted || systemCode(error) === undefined) throw error;
    throw notSaved(folder, error);
  } finally {
    // What could not be made cannot be removed either, and the reason why is told already.
    await rm(staged, { recursive: true, force: true }).catch(() => undefined);
  }
};

async function writeDurably(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) {
      signal?.throwIfAborted();
      const length = Math.min(WRITE_BYTES, bytes.length - done);
      // One call may write a part only, on a disk that fills up for example.
      const { bytesWritten } = await handle.write(bytes, done, length, done);
      done += bytesWritten;
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function putInPlace(staged: string, folder: string, paths: readonly string[]): Promise<void> {
  const present = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (present === undefined || present.length === 0) {
    const renamed = await rename(staged, folder).then(
      () => true,
      (error: unknown) => {
        // Windows renames over no folder, not even an empty one.
        if (present === undefined) throw error;
        return false;
      },
    );
    if (renamed) return;
  }
  for (const path of paths) {
    const place = join(folder, ...path.split('/'));
    await mkdir(dirname(place), { recursive: true });
    await rename(join(staged, ...path.split('/')), place);
  }
}
