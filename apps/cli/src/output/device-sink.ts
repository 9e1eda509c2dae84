import { type FileHandle, open } from 'node:fs/promises';
import { fileError } from '../terminal/file-error.js';
import type { ByteSink } from './byte-sink.js';

/** A device or a named pipe, which is written in order and cannot be replaced by a finished file. */
export class DeviceSink implements ByteSink {
  readonly #path: string;
  readonly #handle: FileHandle;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
  }

  /** @throws FailureError if it cannot be opened */
  static async create(path: string): Promise<DeviceSink> {
    try {
      return new DeviceSink(path, await open(path, 'w'));
    } catch (cause) {
      throw fileError('write', path, cause);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    try {
      for (let done = 0; done < bytes.length; ) {
        done += (await this.#handle.write(bytes, done)).bytesWritten;
      }
    } catch (cause) {
      throw fileError('write', this.#path, cause);
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  async discard(): Promise<void> {
    await this.#handle.close();
  }
}
