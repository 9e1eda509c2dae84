import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { folderObstacle } from '../folder-obstacle.js';
import { isUrl } from '../source/source-kind.js';
import { hasSystemCode, isSystemError, messageOf, systemCode } from '../thrown-value.js';
import type { WriteFolder } from './folder-writer.js';
import { ModelNotSavedError } from './save-error.js';
import { saveElsewhere } from './save-remedies.js';

/** Large enough that the cost of calls vanishes, small enough that an abort is fast. */
const WRITE_BYTES = 8 << 20;

function notSaved(folder: string, cause: unknown): ModelNotSavedError {
  const { obstacle, reason } = folderObstacle(systemCode(cause) ?? messageOf(cause));
  return new ModelNotSavedError(folder, `cannot save the model in ${folder}: ${reason}`, {
    cause,
    ...saveElsewhere(obstacle),
  });
}

/** For Node and compatible platforms. */
export const writeFolder: WriteFolder = async (target, files, signal) => {
  const named = resolve(isUrl(target) ? fileURLToPath(target) : target);
  const folder = await realpath(named).catch(() => named);
  // Next to the folder, hence on the same disk, so that a rename is one step.
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
    if (signal?.aborted || !isSystemError(error)) throw error;
    throw notSaved(folder, error);
  } finally {
    // If it could not be created, the error above already explains why.
    await rm(staged, { recursive: true, force: true }).catch(() => undefined);
  }
};

async function writeDurably(path: string, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    for (let done = 0; done < bytes.length; ) {
      signal?.throwIfAborted();
      const length = Math.min(WRITE_BYTES, bytes.length - done);
      // One call may write only a part, for example on a full disk.
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
    if (hasSystemCode(error, 'ENOENT')) return undefined;
    throw error;
  });
  if (present === undefined || present.length === 0) {
    const renamed = await rename(staged, folder).then(
      () => true,
      (error: unknown) => {
        // Windows cannot rename onto a folder, not even an empty one.
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
