import { type Command, InvalidArgumentError, Option } from 'commander';
import { FILE_FORMATS, type FileFormat } from './input-file.js';
import { addConnectionFlags, type ConnectionFlags } from './milvus-flags.js';
import { addCommonFlags, addEncodeFlags, type EncodeFlags, positiveInteger } from './model-flags.js';

/** The flags of `m2v index`. */
export interface IndexFlags extends EncodeFlags, ConnectionFlags {
  readonly to?: string;
  readonly collection: string;
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
  readonly vectorType?: 'float32' | 'float16' | 'bfloat16' | 'int8' | 'binary';
  readonly metric?: 'COSINE' | 'IP' | 'L2' | 'HAMMING';
  readonly words: boolean;
  readonly rejects?: string;
  readonly allowRejects?: boolean;
  readonly fresh?: boolean;
  readonly state?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Characters of a Markdown chunk where the call does not say: about 200 words. */
const DEFAULT_CHUNK_SIZE = 1200;

/** Most characters of a chunk: with its headings it must fit Milvus' 65,535 bytes in any script. */
const LARGEST_CHUNK = 16_000;

/** Adds `m2v index`. */
export function addIndexCommand(program: Command): void {
  const command = program
    .command('index')
    .summary('files of texts into a Milvus collection')
    .description(
      `Embeds files and stores them in a Milvus collection, which is made where it is missing.

Files, folders, patterns and '-' (standard input) of these formats:
  text      a line a row
  jsonl     an object a line: the text, an id, and fields to filter by
  csv       a record a row, a column a field; also tab-separated (.tsv)
  parquet   a row a row, a column a field
  markdown  chunks that stay inside their section, with source, headings and lines

A row's id is the one given, else it follows from the text: the same files again change nothing.
The same command continues where it was interrupted.`,
    )
    .argument('<files...>', "files, folders or patterns; '-' for standard input");
  addConnectionFlags(command, 'to')
    .requiredOption('-c, --collection <name>', 'collection: letters, digits and underscores')
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
    .option('--shard <i/n>', 'take part i of n, from 0, by the ids: n machines share the files')
    .addOption(
      new Option('--vector-type <type>', 'how a new collection stores vectors (default: float32)').choices([
        'float32',
        'float16',
        'bfloat16',
        'int8',
        'binary',
      ]),
    )
    .addOption(
      new Option('--metric <metric>', 'nearness in a new collection (default: COSINE)').choices([
        'COSINE',
        'IP',
        'L2',
        'HAMMING',
      ]),
    )
    .option('--no-words', 'make a new collection without full-text search')
    .option('--rejects <file>', 'write a JSON line for each row that did not go in')
    .option('--allow-rejects', 'exit with 0 although rows did not go in')
    .option('--fresh', 'begin at the first row, also after an interruption')
    .option('--state <folder>', "where it is noted how far a run came (default: the user's state folder)")
    .option('--force', 'take a collection that another model or program filled')
    .option('--json', 'print the result as one JSON object');
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v index notes.txt --to ./milvus.db --collection notes
  $ m2v index docs 'blog/**/*.md' --to http://localhost:19530 --collection pages
  $ m2v index articles.jsonl --text-field body --id-field url --to ./milvus.db --collection articles
  $ MILVUS_TOKEN=… m2v index part-*.parquet --shard 3/16 --to https://in01-….zillizcloud.com --collection corpus
  $ gunzip -c big.csv.gz | m2v index - --format csv --to ./milvus.db --collection big --rejects rejects.jsonl`,
    )
    .action(async (files: string[], flags: IndexFlags) => {
      await (await import('./indexing.js')).indexFiles(files, flags);
    });
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
