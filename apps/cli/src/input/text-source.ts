import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError } from '../terminal/file-error.js';
import { readJsonLines } from './jsonl-reader.js';
import { readLines } from './line-reader.js';

/** How a file holds texts: a line a text, or JSON Lines. */
type InputFormat = 'text' | 'jsonl';

/** Name that stands for standard input, as in most programs. */
export const STANDARD_INPUT = '-';

/** Characters after which a batch ends before it has all its texts, so that long texts cannot fill the memory. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** Bytes asked of a file at a time; smaller reads cost more calls, larger ones gain nothing. */
const READ_BYTES = 256 * 1024;

/** Texts that are processed together. */
interface TextBatch {
  readonly texts: readonly string[];
  /** How much of {@link TextSource.size} has been read when this batch is done. */
  readonly position: number;
}

/** Texts to work on, in order, read no faster than they are used. */
export interface TextSource {
  /** What all of it measures, in `unit`; `undefined` where only the end will tell. */
  readonly size: number | undefined;
  readonly unit: 'bytes' | 'texts';
  /** Whether the texts were part of the call. */
  readonly fromArguments: boolean;
  /** The files that are read, for refusing to write onto one of them. */
  readonly files: readonly string[];
  /** Yields the texts, at most `batchSize` at a time. */
  batches(batchSize: number): AsyncGenerator<TextBatch, void, undefined>;
}

/** Where texts come from, as the call says it. */
export interface TextSourceOptions {
  readonly input?: readonly string[];
  readonly inputFormat?: InputFormat;
  readonly field?: string;
}

/**
 * Chooses between the texts of the call, its input files and standard input.
 *
 * @throws UsageError where the call names two of them, or none and standard input is a terminal
 * @throws FailureError where a file cannot be read
 */
export async function openTextSource(
  texts: readonly string[],
  options: TextSourceOptions,
): Promise<TextSource> {
  const inputs = options.input ?? [];
  const dash = inputs.length === 0 && texts.length === 1 && texts[0] === STANDARD_INPUT;
  if (texts.length > 0 && !dash) {
    if (inputs.length > 0) {
      throw new UsageError('texts and --input exclude each other; give the texts or the files, not both');
    }
    for (const [flag, value] of [
      ['--input-format', options.inputFormat],
      ['--field', options.field],
    ]) {
      if (value !== undefined)
        throw new UsageError(`${flag} is about files and pipes; leave it out where texts are given`);
    }
    return new ArgumentSource(texts);
  }
  if (inputs.length === 0 && !dash && process.stdin.isTTY) {
    throw new UsageError('no texts; give them as arguments, by --input FILE or through a pipe');
  }
  const files = (inputs.length === 0 ? [STANDARD_INPUT] : inputs).map((path) => ({
    path,
    format: options.inputFormat ?? formatOf(path),
  }));
  if (options.field !== undefined && !files.some(({ format }) => format === 'jsonl')) {
    throw new UsageError(
      '--field is about JSON Lines and the input is plain text; add --input-format jsonl if it is not',
    );
  }
  if (inputs.filter((path) => path === STANDARD_INPUT).length > 1) {
    throw new UsageError('--input - is given twice; standard input can be read once');
  }
  return FileSource.open(files, options.field);
}

function formatOf(path: string): InputFormat {
  return ['.jsonl', '.ndjson'].includes(extname(path).toLowerCase()) ? 'jsonl' : 'text';
}

class ArgumentSource implements TextSource {
  readonly size: number;
  readonly unit = 'texts';
  readonly fromArguments = true;
  readonly files: readonly string[] = [];
  readonly #texts: readonly string[];

  constructor(texts: readonly string[]) {
    this.#texts = texts;
    this.size = texts.length;
  }

  async *batches(batchSize: number): AsyncGenerator<TextBatch, void, undefined> {
    for (let start = 0; start < this.#texts.length; start += batchSize) {
      const texts = this.#texts.slice(start, start + batchSize);
      yield { texts, position: start + texts.length };
    }
  }
}

interface InputFile {
  readonly path: string;
  readonly format: InputFormat;
}

class FileSource implements TextSource {
  readonly size: number | undefined;
  readonly unit = 'bytes';
  readonly fromArguments = false;
  readonly files: readonly string[];
  readonly #inputs: readonly InputFile[];
  readonly #field: string | undefined;
  #position = 0;

  private constructor(inputs: readonly InputFile[], field: string | undefined, size: number | undefined) {
    this.#inputs = inputs;
    this.#field = field;
    this.size = size;
    this.files = inputs.map(({ path }) => path).filter((path) => path !== STANDARD_INPUT);
  }

  /** Looks at every file before the first is read: a mistyped name must not cost an hour of work. */
  static async open(inputs: readonly InputFile[], field: string | undefined): Promise<FileSource> {
    let size: number | undefined = 0;
    for (const { path } of inputs) {
      if (path === STANDARD_INPUT) {
        size = undefined;
        continue;
      }
      const stats = await stat(path).catch((cause: unknown) => {
        throw fileError('read', path, cause);
      });
      if (stats.isDirectory())
        throw new FailureError(`cannot read ${path}: it is a folder; name a file of texts`);
      // A pipe or a device has no size to tell.
      size = stats.isFile() && size !== undefined ? size + stats.size : undefined;
    }
    return new FileSource(inputs, field, size);
  }

  async *batches(batchSize: number): AsyncGenerator<TextBatch, void, undefined> {
    let texts: string[] = [];
    let characters = 0;
    for (const input of this.#inputs) {
      for await (const some of this.#read(input)) {
        for (const text of some) {
          texts.push(text);
          characters += text.length;
          if (texts.length >= batchSize || characters >= BATCH_CHARACTERS) {
            yield { texts, position: this.#position };
            texts = [];
            characters = 0;
          }
        }
      }
    }
    if (texts.length > 0) yield { texts, position: this.#position };
  }

  #read({ path, format }: InputFile): AsyncGenerator<string[], void, undefined> {
    const name = path === STANDARD_INPUT ? 'standard input' : path;
    const lines = readLines(this.#counted(path, name), name);
    return format === 'jsonl' ? readJsonLines(lines, name, this.#field) : lines;
  }

  async *#counted(path: string, name: string): AsyncGenerator<Uint8Array, void, undefined> {
    const stream =
      path === STANDARD_INPUT ? process.stdin : createReadStream(path, { highWaterMark: READ_BYTES });
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        this.#position += chunk.length;
        yield chunk;
      }
    } catch (cause) {
      throw fileError('read', name, cause);
    }
  }
}
