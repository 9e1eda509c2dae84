import { type Command, Option } from 'commander';
import { underHeading } from '../../flags/help-heading.js';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags, positiveInteger } from '../../flags/model-flags.js';
import type { SearchFlags } from './searching.js';

/** As many hits as a screen shows. */
const DEFAULT_LIMIT = 10;

/** Adds `m2v search`. */
export function addSearchCommand(program: Command): void {
  const command = program
    .command('search')
    .summary('search a collection')
    .description(
      `Searches a collection for the rows that answer a question best.

Modes:
  hybrid    both rankings below, fused (default if the collection has full-text search)
  dense     by meaning: distance between vectors
  fullText  by full text: BM25

Scores of different modes cannot be compared. Read the first few hits, not the score.`,
    )
    .argument('<question>', 'what you are looking for');
  addConnectionFlags(command)
    .requiredOption('-c, --collection <name>', 'collection to search')
    .option('-n, --limit <n>', 'largest number of hits', positiveInteger, DEFAULT_LIMIT)
    .option('--filter <expression>', `Milvus' filter over fields, such as 'year > 1990 and lang == "en"'`)
    .addOption(modeOption())
    .option('--fields <names>', 'fields to show, separated by commas (default: all)', names)
    .option('--json', 'print {"mode":…,"hits":[{"rank","id","score","text","fields"},…]}');
  underHeading(addEncodeFlags(command), 'Advanced:', () =>
    command.option('--force', 'search a collection that another model or program filled'),
  );
  addCommonFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ m2v search "how do I begin?" --milvus ./milvus.db --collection docs
  $ m2v search "yeast" --milvus http://localhost:19530 --collection recipes --limit 3 --filter 'minutes < 60'
  $ m2v search "error 0x80070005" --milvus ./milvus.db --collection tickets --mode fullText --json`,
    )
    .action(async (question: string, flags: SearchFlags) => {
      await (await import('./searching.js')).search(question, flags);
    });
}

function modeOption(): Option {
  const option = new Option('--mode <mode>', 'kind of search (default: hybrid, else dense)').choices([
    'hybrid',
    'dense',
    'fullText',
  ]);
  const parse = option.parseArg!;
  // `text` is the earlier name.
  return option.argParser((value, previous) => parse(value === 'text' ? 'fullText' : value, previous));
}

function names(value: string): readonly string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
