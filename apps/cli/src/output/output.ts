import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import { AtomicFile } from './atomic-file.js';
import type { ByteSink } from './byte-sink.js';
import { DeviceSink } from './device-sink.js';
import { SpooledSink } from './spooled-sink.js';
import { StreamSink } from './stream-sink.js';

/** Name of standard output. */
export const STANDARD_OUTPUT = '-';

/** The destination of results, checked before the work begins. */
export class Output {
  /** The file; `undefined` for standard output. */
  readonly path: string | undefined;
  readonly #device: boolean;

  private constructor(path: string | undefined, device: boolean) {
    this.path = path;
    this.#device = device;
  }

  /**
   * @param path - a file; `-` or `undefined` for standard output
   * @param inputs - files that are read and must not be overwritten
   * @param binaryFormat - the name of the format if a terminal would garble it
   * @throws UsageError for a binary format on a terminal, and for a file that is also read
   * @throws FailureError for a folder
   */
  static async choose(
    path: string | undefined,
    inputs: readonly string[],
    binaryFormat?: string,
  ): Promise<Output> {
    if (path === undefined || path === STANDARD_OUTPUT) {
      if (binaryFormat !== undefined && process.stdout.isTTY) {
        throw new UsageError(
          `--format ${binaryFormat} is binary and standard output is a terminal; add --output FILE or a pipe`,
        );
      }
      return new Output(undefined, false);
    }
    const there = await statOf(path);
    if (there?.isDirectory())
      throw new FailureError(`cannot write ${path}: it is a folder; name a file in it`);
    for (const input of inputs) {
      const read = await statOf(input);
      if (there?.isFile() && read?.dev === there.dev && read.ino === there.ino) {
        throw new UsageError(
          `--output ${path} would overwrite ${input}, which is read; choose another name for the result`,
        );
      }
    }
    return new Output(path, there !== undefined && !there.isFile());
  }

  /** Opens the destination; with `patching`, the beginning can be written last. */
  async open(patching: boolean): Promise<ByteSink> {
    if (this.path !== undefined && !this.#device) return AtomicFile.create(this.path);
    const sink =
      this.path === undefined ? new StreamSink(process.stdout) : await DeviceSink.create(this.path);
    return patching ? SpooledSink.create(sink) : sink;
  }
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return undefined;
    throw fileError('write', path, cause);
  }
}
