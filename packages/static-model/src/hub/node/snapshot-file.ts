import { copyFile, lstat, mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { hasSystemCode } from '../../thrown-value.js';
import { symlinksDisabled } from './environment.js';
import { sizeOf, uniqueSuffix } from './repository-folder.js';

/** How systems and file systems say that they have no symbolic links, or not for this user. */
const NO_SYMLINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'UNKNOWN'];

/**
 * Puts a blob into a snapshot: a relative link, or the file itself where links are impossible, as the reference's
 * client does. Readers see what was there before, or the whole new file.
 *
 * @param own - whether this process has just fetched the blob, so that nothing else can need it and it may be moved
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
  // Beside the blobs, where what is left of a killed process is known for what it is.
  const temporary = `${blob}.${uniqueSuffix()}.incomplete`;
  try {
    await symlink(target, temporary, 'file');
    await rename(temporary, pointer);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Another process that fetched the same blob may have moved it to the same place. */
async function moveUnlessMoved(blob: string, pointer: string): Promise<void> {
  try {
    await rename(blob, pointer);
  } catch (error) {
    if (!hasSystemCode(error, 'ENOENT') || (await sizeOf(pointer)) === undefined) throw error;
  }
}
