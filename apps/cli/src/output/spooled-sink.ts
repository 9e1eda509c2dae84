import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError } from '../terminal/file-error.js';
import { AtomicFile } from './atomic-file.js';
import type { ByteSink } from './byte-sink.js';
import { removeAbandoned, temporaryFolderPrefix } from './temporary-name.js';
import { forgetUnfinished, rememberUnfinished } from './unfinished-files.js';

/** Bytes copied at a time. */
const COPY_BYTES = 256 * 1024;

/**
 * Keeps bytes in a temporary file until all are known, then passes them on. It serves formats whose beginning depends
 * on the end, for destinations that cannot be patched.
 */
export class SpooledSink implements ByteSink {
  readonly #destination: ByteSink;
  readonly #folder: string;
  readonly #path: string;
  readonly #file: AtomicFile;

  private constructor(destination: ByteSink, folder: string, path: string, file: AtomicFile) {
    this.#destination = destination;
    this.#folder = folder;
    this.#path = path;
    this.#file = file;
  }

  /** @throws FailureError if the system's temporary folder cannot be written */
  static async create(destination: ByteSink): Promise<SpooledSink> {
    await removeAbandoned(tmpdir());
    const folder = await mkdtemp(join(tmpdir(), temporaryFolderPrefix())).catch((cause: unknown) => {
      throw fileError('write', tmpdir(), cause);
    });
    rememberUnfinished(folder);
    const path = join(folder, 'spool');
    return new SpooledSink(destination, folder, path, await AtomicFile.create(path));
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#file.write(bytes);
  }

  patch(bytes: Uint8Array, position: number): Promise<void> {
    return this.#file.patch(bytes, position);
  }

  async close(): Promise<void> {
    await this.#file.close();
    const handle = await open(this.#path);
    try {
      for (;;) {
        // A stream may keep a chunk after the write, so each chunk has its own memory.
        const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(COPY_BYTES), 0, COPY_BYTES);
        if (bytesRead === 0) break;
        await this.#destination.write(buffer.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
    await this.#removeFolder();
    await this.#destination.close();
  }

  async discard(): Promise<void> {
    await this.#file.discard();
    await this.#removeFolder();
    await this.#destination.discard();
  }

  async #removeFolder(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
    forgetUnfinished(this.#folder);
  }
}
