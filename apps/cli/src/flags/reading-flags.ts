import { type Command, InvalidArgumentError, Option } from 'commander';
import { FILE_FORMATS, type FileFormat } from '../input/input-file.js';
import type { ReadingOptions } from '../input/row-reader.js';
import { positiveInteger } from './model-flags.js';

/** Flags that say what files are read and how their rows are found. */
export interface ReadingFlags {
  readonly format?: FileFormat;
  readonly textField?: string;
  readonly idField?: string;
  readonly idType: 'varchar' | 'int64';
  readonly fields?: readonly string[];
  readonly delimiter?: string;
  readonly columns?: readonly string[];
  readonly strings?: boolean;
  readonly chunkSize: number;
  readonly shard?: string;
}

/** Characters of a Markdown chunk where the call does not say: about 200 words. */
const DEFAULT_CHUNK_SIZE = 1200;

/** Most characters of a chunk: with its headings it must fit Milvus' 65,535 bytes in any script. */
const LARGEST_CHUNK = 16_000;

/** What the files of a call may be, for a command's description. */
export const FORMATS_DESCRIPTION = `Files, folders, patterns and '-' (standard input) of these formats:
  text      a line a row
  jsonl     an object a line: the text, an id, and fields to filter by
  csv       a record a row, a column a field; also tab-separated (.tsv)
  parquet   a row a row, a column a field
  markdown  chunks that stay inside their section, with source, headings and lines`;

/** Adds the flags of {@link ReadingFlags}. */
export function addReadingFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--format <format>', "what the files are (default: by their names; '-' is text)").choices(
        FILE_FORMATS,
      ),
    )
    .option('--text-field <name>', 'field or column of the text (default: text)')
    .option(
      '--id-field <name>',
      "field or column of the id; 'none' for ids from texts (default: id, where it is)",
    )
    .addOption(
      new Option('--id-type <type>', 'type of ids in a new collection')
        .choices(['varchar', 'int64'])
        .default('varchar'),
    )
    .option('--fields <names>', 'other fields to keep, with commas between them (default: all)', names)
    .option('--delimiter <character>', 'what separates values of CSV (default: what the first line has)')
    .option('--columns <names>', 'names of the columns, for CSV without a first line of names', names)
    .option('--strings', "keep CSV's numbers and truth values as texts")
    .option('--chunk-size <n>', 'characters of a Markdown chunk, at most', chunkSize, DEFAULT_CHUNK_SIZE)
    .option('--shard <i/n>', 'take part i of n, from 0, by the ids: n machines share the files');
}

/** The flags as the readers of files take them. */
export function readingOptions(flags: ReadingFlags): ReadingOptions {
  return {
    textField: flags.textField,
    idField: flags.idField,
    idType: flags.idType,
    fields: flags.fields,
    delimiter: flags.delimiter,
    columns: flags.columns,
    asStrings: flags.strings === true,
    chunkSize: flags.chunkSize,
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
