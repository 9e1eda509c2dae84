import { type Command, Option } from 'commander';
import { addCreationFlags } from '../../flags/creation-flags.js';
import { addHiddenAliases } from '../../flags/hidden-alias.js';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags } from '../../flags/model-flags.js';
import { acceptInputFormats } from '../../flags/old-format.js';
import { addReadingFlags, FORMATS_DESCRIPTION } from '../../flags/reading-flags.js';
import type { BulkImportFlags, BulkWriteFlags } from './bulk-flags.js';

/** Adds `m2v bulk`. */
export function addBulkCommand(program: Command): void {
  const command = program
    .command('bulk')
    .summary('many millions of rows through files that Milvus imports')
    .description(
      `Embeds files into Parquet or JSON files that a Milvus server imports from its own storage: the way for many millions
of rows, on as many machines as there are. For less, m2v index is simpler. Milvus Lite imports no files.`,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ m2v bulk write corpus --milvus http://milvus:19530 -c corpus --output /bucket/corpus --shard 3/16
  $ m2v bulk import /bucket/corpus --milvus http://milvus:19530 -c corpus --prefix corpus/`,
    );
  addWriteCommand(command);
  addImportCommand(command);
}

function addWriteCommand(bulk: Command): void {
  const command = bulk
    .command('write')
    .summary('files of texts into files for an import')
    .description(
      `Embeds files and writes what a collection imports, which is made where it is missing. Its rows stay as they are.

${FORMATS_DESCRIPTION}

Each shard writes files of its own; all may lie in one folder. The same command goes on after the files that are whole.
Of rows with one id the first is kept, which takes memory for each id; --unique-ids trusts the input instead.`,
    )
    .argument('<files...>', "files, folders or patterns; '-' for standard input");
  addConnectionFlags(command)
    .requiredOption('-c, --collection <name>', 'collection: letters, digits and underscores')
    .requiredOption('-o, --output <folder>', 'folder to write the files to; created if missing')
    .addOption(
      new Option('--format <format>', 'format of the files; Parquet is smaller and read faster')
        .choices(['parquet', 'json'])
        .default('parquet'),
    )
    .option('--unique-ids', 'the ids differ, so that none has to be remembered')
    .option('--allow-rejects', 'exit with 0 although rows did not go in')
    .option('--json', 'print the result as one JSON object');
  addHiddenAliases(command, '--output', '--folder <folder>');
  addHiddenAliases(command, '--format', '--as <format>');
  acceptInputFormats(command);
  addCommonFlags(addEncodeFlags(addCreationFlags(addReadingFlags(command)))).action(
    async (files: string[], flags: BulkWriteFlags) => {
      await (await import('./bulk-writing.js')).writeFiles(files, flags);
    },
  );
}

function addImportCommand(bulk: Command): void {
  const command = bulk
    .command('import')
    .summary('have the server take them')
    .description(
      `Has the server import the files of m2v bulk write, all shards of a folder, and waits until their rows can be found.

The server reads the files from its own storage: its bucket, or its disk. What has been imported is noted beside the
files, so that the same command goes on; without that note, everything would be stored a second time.`,
    )
    .argument('<folder>', 'folder of the files, as this machine sees it');
  addConnectionFlags(command)
    .requiredOption('-c, --collection <name>', 'collection that the files are for')
    .requiredOption(
      '--prefix <path>',
      'the folder as the server sees it, with its last slash: corpus/ in its bucket, or /data/corpus/ on its disk',
    )
    .option('--state <file>', 'where it is noted what has been imported (default: in the folder)')
    .option('--force', 'take a collection that another model or program filled')
    .option('--json', 'print the result as one JSON object');
  addCommonFlags(addEncodeFlags(command)).action(async (folder: string, flags: BulkImportFlags) => {
    await (await import('./bulk-importing.js')).importFiles(folder, flags);
  });
}
