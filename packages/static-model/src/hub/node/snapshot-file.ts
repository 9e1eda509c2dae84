import { copyFile, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { hasSystemCode } from '../../thrown-value.js';
import { symlinksDisabled } from './environment.js';
import { uniqueSuffix } from './replaced-file.js';
import { sizeOf } from './repository-folder.js';

/** Error codes for symbolic links that are unsupported or not allowed. */
const NO_SYMLINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN'];

/**
 * Puts a blob into a snapshot: as a relative link, or as a file if links are impossible, like the reference's client.
 * Readers see the previous file or the whole new one.
 *
 * @param own - this process downloaded the blob, so it can be moved: no other snapshot uses it
 */
export async function placeInSnapshot(blob: string, pointer: string, own: boolean): Promise<void> {
  await mkdir(dirname(pointer), { recursive: true });
  if (!symlinksDisabled()) {
    try {
      await placeLink(blob, pointer);
      return;
    } catch (error) {
      if (!hasSystemCode(error, ...NO_SYMLINKS)) throw error;
    }
  }
  if (own) {
    await moveUnlessMoved(blob, pointer);
    return;
  }
  const temporary = `${blob}.${uniqueSuffix()}.incomplete`;
  try {
    await copyFile(blob, temporary);
    await rename(temporary, pointer);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function placeLink(blob: string, pointer: string): Promise<void> {
  const target = relative(dirname(pointer), blob);
  try {
    await symlink(target, pointer, 'file');
    return;
  } catch (error) {
    if (!hasSystemCode(error, 'EEXIST')) throw error;
  }
  if ((await lstat(pointer)).isSymbolicLink() && (await readlink(pointer)) === target) return;
  // Among the blobs, where leftovers of killed processes are recognised.
  const temporary = `${blob}.${uniqueSuffix()}.incomplete`;
  try {
    await symlink(target, temporary, 'file');
    await rename(temporary, pointer);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Another process may have downloaded the same blob and moved it there. */
async function moveUnlessMoved(blob: string, pointer: string): Promise<void> {
  try {
    await rename(blob, pointer);
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT') || (await sizeOf(pointer)) === undefined) throw error;
  }
}
