import { type Command, Option } from 'commander';
import { addCommonFlags, addEncodeFlags, positiveInteger } from '../../flags/model-flags.js';
import { addPassageFlags } from '../../flags/passage-flags.js';
import type { FindFlags } from './finding.js';

/** Hits without `--limit`: one screen. */
const DEFAULT_LIMIT = 5;

/** Adds `m2v find`. */
export function addFindCommand(program: Command): void {
  const command = program
    .command('find')
    .summary('search files by meaning, with no server and no index')
    .description(
      `Finds the passages of files that answer a question best, by meaning and by full text.

Skips files that .gitignore excludes, hidden files and binary files. Splits Markdown at headings, code at blocks, and
JSON Lines, CSV and Parquet into rows. Writes nothing, except with --cache.

Modes:
  hybrid    both rankings below, fused (default)
  dense     by meaning: distance between vectors
  fullText  by full text: BM25`,
    )
    .argument('<question>', 'what you are looking for')
    .argument('[paths...]', 'files and folders (default: this folder)');
  addPassageFlags(command)
    .option('-n, --limit <n>', 'largest number of passages', positiveInteger, DEFAULT_LIMIT)
    .addOption(
      new Option('--mode <mode>', 'kind of search')
        .choices(['hybrid', 'dense', 'fullText'])
        .default('hybrid'),
    )
    .option(
      '--cache',
      "keep vectors in the user's cache folder, so that the next call reads only what changed",
    )
    .option('--json', 'print {"question","mode","passages","hits":[{"rank","path","line",…},…]}');
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v find "how are errors reported?"
  $ m2v find "retry after a lost connection" src -g '*.ts' -n 3
  $ m2v find "vacation policy" handbook notes.md --mode dense --json
  $ m2v find "where is the cache?" ~/work --cache`,
    )
    .action(async (question: string, paths: string[], flags: FindFlags) => {
      await (await import('./finding.js')).find(question, paths, flags);
    });
}
