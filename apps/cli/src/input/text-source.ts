import { FailureError, UsageError } from '../terminal/cli-error.js';
import { isProblem, WHOLE_FILE } from './found-row.js';
import { type InputFile, inputName, STANDARD_INPUT, totalSize } from './input-file.js';
import { findInputFiles } from './input-files.js';
import { type InputFormat, RECORD_FORMATS } from './input-format.js';
import { type ReadingOptions, ROW_READING, readRows } from './row-reader.js';
import { NO_ID_FIELD } from './row-recipe.js';

/** Characters that end a batch early, so that long texts do not fill the memory. */
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** Texts that are processed together. */
interface TextBatch {
  readonly texts: readonly string[];
  /** How much of {@link TextSource.size} was read by the end of this batch. */
  readonly position: number;
}

/** Texts in order, read no faster than they are used. */
export interface TextSource {
  /** Total size in `unit`; `undefined` if unknown in advance. */
  readonly size: number | undefined;
  readonly unit: 'bytes' | 'texts';
  /** Whether the texts are arguments of the command. */
  readonly fromArguments: boolean;
  /** Paths of the files, which the output must not overwrite. */
  readonly files: readonly string[];
  /** Yields the texts, at most `batchSize` at a time. */
  batches(batchSize: number): AsyncGenerator<TextBatch, void, undefined>;
}

/** Options of reading texts, as flags of the command line. */
export interface TextSourceOptions {
  readonly input?: readonly string[];
  readonly inputFormat?: InputFormat;
  readonly textField?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly columns?: readonly string[];
  readonly chunkSize?: number;
}

/** Reads only texts, but all of them. */
const TEXT_READING: ReadingOptions = {
  ...ROW_READING,
  idField: NO_ID_FIELD,
  fields: [],
  keepsBlank: true,
  // Below V8's longest string.
  longestLine: 256 * 1024 * 1024,
};

/**
 * Chooses between texts in the arguments, input files and standard input.
 *
 * @param onNotice - called with lines for the user, about what is skipped and what the content decided
 * @throws UsageError for both arguments and files, or for neither if standard input is a terminal
 * @throws FailureError if a file cannot be read
 */
export async function openTextSource(
  texts: readonly string[],
  options: TextSourceOptions,
  onNotice: (line: string) => void,
): Promise<TextSource> {
  const inputs = options.input ?? [];
  const isDash = inputs.length === 0 && texts.length === 1 && texts[0] === STANDARD_INPUT;
  if (texts.length > 0 && !isDash) {
    if (inputs.length > 0) {
      throw new UsageError('texts and --input exclude each other; pass either texts or files');
    }
    refuseFileFlags(options);
    return new ArgumentSource(texts);
  }
  if (inputs.length === 0 && !isDash && process.stdin.isTTY) {
    throw new UsageError('no texts; pass them as arguments, with --input FILE or through a pipe');
  }
  if (inputs.filter((path) => path === STANDARD_INPUT).length > 1) {
    throw new UsageError('--input - is given twice, but standard input can be read only once');
  }
  const found: InputFile[] = [];
  // One by one, because a file that is named twice is read twice.
  for (const input of inputs.length === 0 ? [STANDARD_INPUT] : inputs) {
    found.push(...(await findInputFiles([input], options.inputFormat, onNotice)));
  }
  return new FileSource(found, readingOf(found, options, onNotice));
}

function refuseFileFlags({ inputFormat, textField, encoding, delimiter, columns }: TextSourceOptions): void {
  for (const [flag, value] of [
    ['--input-format', inputFormat],
    ['--text-field', textField],
    ['--encoding', encoding],
    ['--delimiter', delimiter],
    ['--columns', columns],
  ]) {
    if (value !== undefined) throw new UsageError(`${flag} is for files and pipes; leave it out with texts`);
  }
}

function readingOf(
  files: readonly InputFile[],
  options: TextSourceOptions,
  onNotice: (line: string) => void,
): ReadingOptions {
  return {
    ...TEXT_READING,
    refusesPlainText: !files.some(({ format }) => format !== undefined && RECORD_FORMATS.has(format)),
    textField: options.textField,
    encoding: options.encoding,
    delimiter: options.delimiter,
    columns: options.columns,
    chunkSize: options.chunkSize ?? TEXT_READING.chunkSize,
    onNotice,
  };
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

class FileSource implements TextSource {
  readonly size: number | undefined;
  readonly unit = 'bytes';
  readonly fromArguments = false;
  readonly files: readonly string[];
  readonly #inputs: readonly InputFile[];
  readonly #options: ReadingOptions;

  constructor(inputs: readonly InputFile[], options: ReadingOptions) {
    this.#inputs = inputs;
    this.#options = options;
    this.size = totalSize(inputs);
    this.files = inputs.map(({ path }) => path).filter((path) => path !== STANDARD_INPUT);
  }

  async *batches(batchSize: number): AsyncGenerator<TextBatch, void, undefined> {
    let texts: string[] = [];
    let characters = 0;
    let before = 0;
    let position = 0;
    for (const input of this.#inputs) {
      for await (const batch of readRows(input, this.#options)) {
        position = before + batch.position;
        for (const found of batch.found) {
          // Each text has one vector, so a skipped row would shift all that follow.
          if (isProblem(found)) throw problemError(input, found);
          const { text } = found.row;
          texts.push(text);
          characters += text.length;
          if (texts.length >= batchSize || characters >= BATCH_CHARACTERS) {
            yield { texts, position };
            texts = [];
            characters = 0;
          }
        }
      }
      before += input.size ?? position - before;
    }
    if (texts.length > 0) yield { texts, position };
  }
}

function problemError(
  { path }: InputFile,
  { line, reason }: { readonly line: number; readonly reason: string },
): FailureError {
  return new FailureError(`${inputName(path)}${line === WHOLE_FILE ? '' : `:${line}`}: ${reason}`);
}
