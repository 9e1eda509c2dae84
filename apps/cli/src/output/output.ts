import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import { AtomicFile } from './atomic-file.js';
import type { ByteSink } from './byte-sink.js';
import { DeviceSink } from './device-sink.js';
import { BINARY_FORMATS, OUTPUT_FORMATS, type OutputFormat } from './output-format.js';
import { SpooledSink } from './spooled-sink.js';
import { StreamSink } from './stream-sink.js';

/** Name that stands for standard output. */
const STANDARD_OUTPUT = '-';

/** The format of a call that names none: what the file's name says, else JSON Lines. */
export function formatOfOutput(path: string | undefined): OutputFormat {
  const extension = path === undefined ? '' : extname(path).slice(1).toLowerCase();
  return OUTPUT_FORMATS.find((format) => format === extension) ?? 'jsonl';
}

/** Where results go, decided and checked before the work begins. */
export class Output {
  /** Where the user will find it, or `undefined` for standard output. */
  readonly path: string | undefined;
  readonly #device: boolean;

  private constructor(path: string | undefined, device: boolean) {
    this.path = path;
    this.#device = device;
  }

  /**
   * @param path a file, or `-` or nothing for standard output
   * @param inputs files that are read, none of which may be written
   * @throws UsageError for a binary format on a terminal, and for a file that is read as well
   * @throws FailureError for a folder
   */
  static async choose(
    path: string | undefined,
    inputs: readonly string[],
    format: OutputFormat,
  ): Promise<Output> {
    if (path === undefined || path === STANDARD_OUTPUT) {
      if (BINARY_FORMATS.has(format) && process.stdout.isTTY) {
        throw new UsageError(
          `--format ${format} is binary and standard output is a terminal; add --output FILE or a pipe`,
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

  /** Opens it. `patching` asks for a sink whose beginning can be written last. */
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
