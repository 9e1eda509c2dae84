import { type Command, InvalidArgumentError, Option } from 'commander';
import { INPUT_FORMATS, type InputFormat } from '../input/input-format.js';
import { DEFAULT_CHUNK_SIZE, type ReadingOptions, ROW_READING } from '../input/row-reader.js';
import { underHeading } from './help-heading.js';
import { positiveInteger } from './model-flags.js';

/** Flags about how file contents are interpreted. */
export interface InputFlags {
  readonly inputFormat?: InputFormat;
  readonly textField?: string;
  readonly encoding?: string;
  readonly delimiter?: string;
  readonly columns?: readonly string[];
  readonly chunkSize?: number;
}

/** Flags about how files become rows. */
export interface ReadingFlags extends InputFlags {
  readonly idField?: string;
  readonly idType: 'varchar' | 'int64';
  readonly fields?: readonly string[];
  readonly strings?: boolean;
  readonly shard?: string;
}

/** Most characters per chunk: with its headings it must fit Milvus' 65,535 bytes in any script. */
const LARGEST_CHUNK = 16_000;

/** Formats that every command reads, for its description. */
export const FORMATS_DESCRIPTION = `Files, folders, patterns and '-' (standard input) in these formats, also packed with gzip:
  text      one text per line
  jsonl     one object per line: the text, an id, and fields to filter by
  csv       one record per row, one column per field; also tab-separated (.tsv)
  parquet   one record per row, one column per field
  markdown  chunks that stay inside their section, with source, headings and lines`;

/** Adds the flags of {@link InputFlags}. */
export function addInputFlags(command: Command): Command {
  return underHeading(command, 'Reading files:', () =>
    command
      .addOption(
        new Option(
          '--input-format <format>',
          'format of the files (default: by suffix, else by content)',
        ).choices(INPUT_FORMATS),
      )
      .option('--text-field <name>', 'field or column of the text (default: text)')
      .option(
        '--encoding <name>',
        'encoding of text files, such as latin1 or utf-16le (default: UTF-8, or recognised UTF-16)',
        encoding,
      )
      .option('--delimiter <character>', 'delimiter of CSV values (default: by the first line)')
      .option('--columns <names>', 'column names, separated by commas, for CSV without a header', names)
      .option(
        '--chunk-size <n>',
        `most characters per Markdown chunk (default: ${DEFAULT_CHUNK_SIZE})`,
        chunkSize,
      ),
  );
}

/** Adds the flags of {@link ReadingFlags}. */
export function addReadingFlags(command: Command): Command {
  addInputFlags(command);
  return underHeading(command, 'Reading files:', () =>
    command
      .option(
        '--id-field <name>',
        "field or column of the id; 'none' derives ids from the texts (default: id, if present)",
      )
      .addOption(
        new Option('--id-type <type>', 'type of ids in a new collection')
          .choices(['varchar', 'int64'])
          .default('varchar'),
      )
      .option('--fields <names>', 'other fields to keep, separated by commas (default: all)', names)
      .option('--strings', 'keep CSV numbers and booleans as strings')
      .option('--shard <i/n>', 'process part i of n, counted from 0, so that n machines can share the files'),
  );
}

/** Converts the flags to options of the reader. */
export function readingOptions(flags: ReadingFlags, onNotice: (line: string) => void): ReadingOptions {
  return {
    ...ROW_READING,
    textField: flags.textField,
    encoding: flags.encoding,
    onNotice,
    idField: flags.idField,
    idType: flags.idType,
    fields: flags.fields,
    delimiter: flags.delimiter,
    columns: flags.columns,
    asStrings: flags.strings === true,
    chunkSize: flags.chunkSize ?? DEFAULT_CHUNK_SIZE,
  };
}

function names(value: string): readonly string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function chunkSize(value: string): number {
  const size = positiveInteger(value);
  if (size > LARGEST_CHUNK) throw new InvalidArgumentError(`Give at most ${LARGEST_CHUNK}.`);
  return size;
}

function encoding(value: string): string {
  try {
    return new TextDecoder(value).encoding;
  } catch {
    throw new InvalidArgumentError('Give a name such as latin1, windows-1252, utf-16le or shift_jis.');
  }
}
