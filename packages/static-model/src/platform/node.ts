import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MalformedModelError, ModelNotFoundError, UnsupportedModelError } from '../model-error.js';
import type { ReadContext } from '../model-folder.js';
import type { Sha256 } from '../sha-256.js';
import type { PathKind, Platform } from './platform.js';

/** Large enough that calls cost nothing, small enough that progress is seen and a signal is heard. */
const READ_BYTES = 8 << 20;

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** Whether a failure only says that nothing has that path. `ERR_INVALID_ARG_VALUE`: a path with a U+0000 in it. */
function meansAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ERR_INVALID_ARG_VALUE'].includes(systemCode(error));
}

function unreadable(path: string | URL, error: unknown): ModelNotFoundError {
  const problem = systemCode(error);
  return new ModelNotFoundError(`${path} cannot be read (${problem})`, [String(path)], { cause: error });
}

async function kindOf(path: string | URL): Promise<PathKind | undefined> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    if (meansAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
}

async function readFile(
  path: string | URL,
  name: string,
  context: ReadContext,
): Promise<Uint8Array | undefined> {
  context.signal.throwIfAborted();
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (meansAbsent(error)) return undefined;
    throw unreadable(path, error);
  }
  try {
    return await readAll(handle, name, context);
  } catch (error) {
    if (systemCode(error) === 'EISDIR') return undefined;
    throw error;
  } finally {
    await handle.close();
  }
}

async function readAll(handle: FileHandle, file: string, context: ReadContext): Promise<Uint8Array> {
  const { size } = await handle.stat();
  const bytes = allocate(size, file);
  let read = 0;
  while (read < size) {
    context.signal.throwIfAborted();
    const { bytesRead } = await handle.read(bytes, read, Math.min(READ_BYTES, size - read), read);
    if (bytesRead === 0) {
      throw new MalformedModelError(file, `shrank from ${size} to ${read} bytes while it was read`);
    }
    read += bytesRead;
    context.onProgress({ file, loadedBytes: read, totalBytes: size });
  }
  return bytes;
}

function allocate(size: number, file: string): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    throw new UnsupportedModelError(`${file} has ${size} bytes, more than can be held in memory here`, {
      cause: error,
    });
  }
}

function createSha256(): Sha256 {
  const hash = createHash('sha256');
  return {
    update: (bytes) => {
      hash.update(bytes);
    },
    digestHex: () => hash.digest('hex'),
  };
}

/** A URL of a folder may lack its last slash; without it the file would replace the folder. */
function joinUrl(folder: URL, file: string): URL {
  const url = new URL(folder);
  if (!url.pathname.endsWith('/')) url.pathname += '/';
  return new URL(file.split('/').map(encodeURIComponent).join('/'), url);
}

/** Node, and the platforms that have its modules. */
export const platform: Platform = {
  hasFiles: true,
  kindOf,
  join: (folder, file) => (typeof folder === 'string' ? join(folder, file) : joinUrl(folder, file)),
  readFile,
  createSha256,
  environmentVariable: (name) => process.env[name] || undefined,
};
