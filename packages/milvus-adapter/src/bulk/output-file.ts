import { createHash } from 'node:crypto';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { fileError } from './file-error.js';

/** Facts about a finished file. */
export interface WrittenFile {
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** A file that appears under its name only when it is complete and on the disk. */
export class OutputFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @param path - final path; until it is finished the file is at {@link unfinishedPath} */
  static async create(path: string): Promise<OutputFile> {
    try {
      return new OutputFile(path, await open(unfinishedPath(path), 'w'));
    } catch (error) {
      throw fileError(`making ${unfinishedPath(path)}`, error);
    }
  }

  /** Bytes written so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Appends bytes, which the caller must not change until this resolves. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#bytes += bytes.length;
    this.#hash.update(bytes);
    try {
      for (let at = 0; at < bytes.length; ) {
        at += (await this.#handle.write(bytes, at)).bytesWritten;
      }
    } catch (error) {
      throw fileError(`writing ${unfinishedPath(this.#path)}`, error);
    }
  }

  /** Flushes the file to the disk and renames it. */
  async finish(): Promise<WrittenFile> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(unfinishedPath(this.#path), this.#path);
    } catch (error) {
      throw fileError(`finishing ${this.#path}`, error);
    }
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') };
  }

  /** Removes the unfinished file. Never rejects. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => {});
    await rm(unfinishedPath(this.#path), { force: true }).catch(() => {});
  }
}

/** Path of a file while it is being written. */
export function unfinishedPath(path: string): string {
  return `${path}.tmp`;
}
