import { type Command, InvalidArgumentError } from 'commander';
import { addCommonFlags, addEncodeFlags, positiveInteger } from '../../flags/model-flags.js';
import { addInputFlags } from '../../flags/reading-flags.js';
import type { ClusterFlags } from './grouping-flags.js';

/** Texts of a cluster that are shown without `--examples`. */
const DEFAULT_EXAMPLES = 3;

/** Adds `m2v cluster`. */
export function addClusterCommand(program: Command): void {
  const command = program
    .command('cluster')
    .summary('group texts by meaning')
    .description(
      `Groups the texts of files by meaning: k-means over their embeddings, by cosine. Prints the largest group first, each
with its most typical texts. The same call gives the same groups.`,
    )
    .argument('<files...>', "files, folders or patterns; '-' for standard input")
    .option(
      '-k, --clusters <n>',
      'number of groups (default: the square root of half the texts)',
      positiveInteger,
    )
    .option('-n, --examples <n>', 'texts shown per group', positiveInteger, DEFAULT_EXAMPLES)
    .option('--seed <n>', 'seed of the first groups', wholeNumber, 1)
    .option('-o, --output <file>', 'also write a JSON line {"cluster","file","line","text"} per text')
    .option(
      '--json',
      'print {"texts","clusters":[{"cluster","size","examples":[{"file","line","text","score"},…]},…]}',
    );
  addInputFlags(command);
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v cluster tickets.txt
  $ m2v cluster reviews.csv --text-field review --clusters 20 --examples 5
  $ m2v cluster 'part-*.jsonl' -k 50 --output groups.jsonl --json`,
    )
    .action(async (files: string[], flags: ClusterFlags) => {
      await (await import('./clustering.js')).cluster(files, flags);
    });
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new InvalidArgumentError('Give a whole number from 0 on.');
  return Number(value);
}
