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
    .summary('import many millions of rows through files')
    .description(
      `Embeds files into Parquet or JSON files that a Milvus server imports from its own storage. Use it for many millions of
rows; several machines can share the work. For less, m2v index is simpler. Milvus Lite cannot import files.`,
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
    .summary('write files for an import')
    .description(
      `Embeds files and writes import files for a collection, which is created if missing. Its rows do not change.

${FORMATS_DESCRIPTION}

Each shard writes its own files; all shards can use one folder. The same command continues after the complete files.
Of rows with one id the first is kept, which takes memory for each id; --unique-ids skips this check.`,
    )
    .argument('<files...>', "files, folders or patterns; '-' for standard input");
  addConnectionFlags(command)
    .requiredOption('-c, --collection <name>', 'collection: letters, digits and underscores')
    .requiredOption('-o, --output <folder>', 'folder to write the files to; created if missing')
    .addOption(
      new Option('--format <format>', 'format of the files; Parquet is smaller and faster to read')
        .choices(['parquet', 'json'])
        .default('parquet'),
    )
    .option('--unique-ids', 'promise that all ids differ, which saves the memory to check them')
    .option('--allow-rejects', 'exit with 0 even if rows failed')
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
    .summary('let the server import the files')
    .description(
      `Makes the server import the files of m2v bulk write, all shards of a folder, and waits until their rows can be found.

The server reads the files from its own storage: its bucket, or its disk. The imported files are recorded next to them,
so that the same command continues; without this record, everything would be stored a second time.`,
    )
    .argument('<folder>', 'folder of the files on this machine');
  addConnectionFlags(command)
    .requiredOption('-c, --collection <name>', 'collection that the files are for')
    .requiredOption(
      '--prefix <path>',
      'the folder as the server sees it, with a slash at the end: corpus/ in its bucket, or /data/corpus/ on its disk',
    )
    .option('--state <file>', 'where to record which files are imported (default: in the folder)')
    .option('--force', 'use a collection that another model or program filled')
    .option('--json', 'print the result as one JSON object');
  addCommonFlags(addEncodeFlags(command)).action(async (folder: string, flags: BulkImportFlags) => {
    await (await import('./bulk-importing.js')).importFiles(folder, flags);
  });
}
