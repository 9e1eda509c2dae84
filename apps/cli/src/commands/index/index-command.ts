import type { Command } from 'commander';
import { addCreationFlags } from '../../flags/creation-flags.js';
import { underHeading } from '../../flags/help-heading.js';
import { addHiddenAliases } from '../../flags/hidden-alias.js';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags } from '../../flags/model-flags.js';
import { addReadingFlags, FORMATS_DESCRIPTION } from '../../flags/reading-flags.js';
import type { IndexFlags } from './index-flags.js';

/** Adds `m2v index`. */
export function addIndexCommand(program: Command): void {
  const command = program
    .command('index')
    .summary('store files in a Milvus collection')
    .description(
      `Embeds files and stores them in a Milvus collection, which is created if missing.

${FORMATS_DESCRIPTION}

The collection follows the files: run again, unchanged files are skipped, changed ones replace their rows, and rows of
deleted files are removed. Standard input and --shard only add and replace rows. A row without an id gets one from its
text. The same command continues after an interruption.`,
    )
    .argument('<files...>', "files, folders or patterns; '-' for standard input");
  addConnectionFlags(command).requiredOption(
    '-c, --collection <name>',
    'collection: letters, digits and underscores',
  );
  addHiddenAliases(addReadingFlags(command), '--input-format', '--format <format>');
  addCreationFlags(command)
    .option('--rejects <file>', 'write failed rows to a file, one JSON line each')
    .option('--allow-rejects', 'exit with 0 even if rows failed')
    .option('--keep-missing', 'keep the rows of deleted files')
    .option('--watch', 'keep running and store changes of the files')
    .option('--json', 'print the result as one JSON object');
  underHeading(command, 'Advanced:', (advanced) =>
    advanced
      .option('--fresh', 'read every file from its first row, even unchanged files and after an interruption')
      .option(
        '--state <folder>',
        "folder that records the progress of a run (default: the user's state folder)",
      ),
  );
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v index notes.txt --milvus ./milvus.db --collection notes
  $ m2v index docs 'blog/**/*.md' --milvus http://localhost:19530 --collection pages
  $ m2v index articles.jsonl --text-field body --id-field url --milvus ./milvus.db --collection articles
  $ MILVUS_TOKEN=… m2v index part-*.parquet --shard 3/16 --milvus https://in01-….zillizcloud.com --collection corpus
  $ m2v index big.csv.gz --milvus ./milvus.db --collection big --rejects rejects.jsonl`,
    )
    .action(async (files: string[], flags: IndexFlags) => {
      await (await import('./indexing.js')).indexFiles(files, flags);
    });
}
