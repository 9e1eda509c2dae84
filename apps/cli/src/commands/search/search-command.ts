import { type Command, Option } from 'commander';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags, positiveInteger } from '../../flags/model-flags.js';
import type { SearchFlags } from './searching.js';

/** Hits where the call does not say: what a screen holds. */
const DEFAULT_LIMIT = 10;

/** Adds `m2v search`. */
export function addSearchCommand(program: Command): void {
  const command = program
    .command('search')
    .summary('a question to the best rows of a collection')
    .description(
      `Finds the rows of a collection that answer a question best.

Modes:
  hybrid  by meaning and by words, the two rankings fused (default where the server can)
  dense   by meaning: nearness of vectors
  text    by words: BM25

Scores of different modes do not compare, and say little by themselves: read the first few.`,
    )
    .argument('<question>', 'what to look for');
  addConnectionFlags(command, 'in')
    .requiredOption('-c, --collection <name>', 'collection to look in')
    .option('-n, --limit <n>', 'rows to find, at most', positiveInteger, DEFAULT_LIMIT)
    .option('--filter <expression>', `Milvus' filter over fields, such as 'year > 1990 and lang == "en"'`)
    .addOption(
      new Option('--mode <mode>', 'what to look at (default: hybrid, else dense)').choices([
        'hybrid',
        'dense',
        'text',
      ]),
    )
    .option('--fields <names>', 'fields to show, with commas between them (default: all)', names)
    .option('--force', 'search a collection that another model or program filled')
    .option('--json', 'print {"mode":…,"hits":[{"rank","id","score","text","fields"},…]}');
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v search "how do I begin?" --in ./milvus.db --collection docs
  $ m2v search "yeast" --in http://localhost:19530 --collection recipes --limit 3 --filter 'minutes < 60'
  $ m2v search "error 0x80070005" --in ./milvus.db --collection tickets --mode text --json`,
    )
    .action(async (question: string, flags: SearchFlags) => {
      await (await import('./searching.js')).search(question, flags);
    });
}

function names(value: string): readonly string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
