import { constants } from 'node:fs';
import { access, type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FailureError } from '../terminal/cli-error.js';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import type { ByteSink } from './byte-sink.js';
import { removeAbandoned, temporaryFileName } from './temporary-name.js';
import { forgetUnfinished, rememberUnfinished } from './unfinished-files.js';

/** Mode of a new file, before the process's mask. */
const NEW_FILE_MODE = 0o666;

/**
 * A file that appears complete or not at all: it is written under a temporary name in the same folder and renamed when
 * it is on the disk. The next file in the folder removes what a killed process has left.
 */
export class AtomicFile implements ByteSink {
  readonly #path: string;
  readonly #target: string;
  readonly #temporary: string;
  readonly #handle: FileHandle;
  #position = 0;

  private constructor(path: string, target: string, temporary: string, handle: FileHandle) {
    this.#path = path;
    this.#target = target;
    this.#temporary = temporary;
    this.#handle = handle;
  }

  /**
   * Begins a file. An existing file stays readable until {@link AtomicFile.close}; its permissions and a symbolic link
   * are kept.
   *
   * @throws FailureError if the file cannot be written
   */
  static async create(path: string): Promise<AtomicFile> {
    let mode: number | undefined;
    let target = path;
    try {
      target = await realpath(path);
      mode = (await stat(target)).mode & 0o7777;
      // Renaming over a read-only file would succeed, so the permission is checked here.
      await access(target, constants.W_OK);
    } catch (cause) {
      if (systemErrorCode(cause) !== 'ENOENT') throw fileError('write', path, cause);
    }
    const folder = dirname(target);
    await removeAbandoned(folder);
    const temporary = join(folder, temporaryFileName(basename(target)));
    rememberUnfinished(temporary);
    let handle: FileHandle;
    try {
      handle = await open(temporary, 'wx', mode ?? NEW_FILE_MODE);
    } catch (cause) {
      forgetUnfinished(temporary);
      if (systemErrorCode(cause) === 'ENOENT') {
        throw new FailureError(`cannot write ${path}: the folder ${folder} does not exist; create it first`, {
          cause,
        });
      }
      throw fileError('write', path, cause);
    }
    const file = new AtomicFile(path, target, temporary, handle);
    if (mode !== undefined) {
      // The process's mask has removed bits that the old file had.
      await handle.chmod(mode).catch(async (cause: unknown) => {
        await file.discard();
        throw fileError('write', path, cause);
      });
    }
    return file;
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#writeAt(bytes, this.#position);
    this.#position += bytes.length;
  }

  async patch(bytes: Uint8Array, position: number): Promise<void> {
    await this.#writeAt(bytes, position);
  }

  async close(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#temporary, this.#target);
    } catch (cause) {
      throw fileError('write', this.#path, cause);
    }
    forgetUnfinished(this.#temporary);
  }

  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#temporary, { force: true });
    forgetUnfinished(this.#temporary);
  }

  async #writeAt(bytes: Uint8Array, position: number): Promise<void> {
    try {
      // A call may write only a part, for example on a disk that fills up.
      for (let done = 0; done < bytes.length; ) {
        const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, position + done);
        done += bytesWritten;
      }
    } catch (cause) {
      throw fileError('write', this.#path, cause);
    }
  }
}
