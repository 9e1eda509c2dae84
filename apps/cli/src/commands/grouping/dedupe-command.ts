import { type Command, InvalidArgumentError, Option } from 'commander';
import { addCommonFlags, addEncodeFlags } from '../../flags/model-flags.js';
import { addInputFlags } from '../../flags/reading-flags.js';
import type { DedupeFlags } from './grouping-flags.js';

/** Cosine of duplicates without `--threshold`: paraphrases, but no mere similarity of topic. */
const DEFAULT_THRESHOLD = 0.9;

/** Adds `m2v dedupe`. */
export function addDedupeCommand(program: Command): void {
  const command = program
    .command('dedupe')
    .summary('remove texts that say the same')
    .description(
      `Prints the texts of files without near-duplicates: texts whose cosine similarity with an earlier one is at least
--threshold. The first of similar texts is kept.

Plain texts are printed as lines, records with fields as JSON Lines.`,
    )
    .argument('<files...>', "files, folders or patterns; '-' for standard input")
    .option('-t, --threshold <cosine>', 'lowest cosine similarity of duplicates', cosine, DEFAULT_THRESHOLD)
    .option('-o, --output <file>', "file for the kept texts; '-' for standard output (default)")
    .addOption(
      new Option(
        '-f, --format <format>',
        'format of the kept texts (default: text for texts of one line without fields, else jsonl)',
      ).choices(['text', 'jsonl']),
    )
    .option(
      '--duplicates <file>',
      'write a JSON line for each removed text: its place, the kept one, the score',
    )
    .option(
      '--json',
      'print {"texts","kept","threshold","duplicates":[{"file","line","text","score","of"},…]} instead',
    );
  addInputFlags(command);
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v dedupe questions.txt > distinct.txt
  $ m2v dedupe 'part-*.jsonl' --text-field body --threshold 0.95 --output clean.jsonl
  $ m2v dedupe tickets.csv --text-field subject --duplicates removed.jsonl --output kept.jsonl
  $ m2v dedupe answers.txt --json`,
    )
    .action(async (files: string[], flags: DedupeFlags) => {
      await (await import('./deduplicating.js')).dedupe(files, flags);
    });
}

function cosine(value: string): number {
  const number = value.trim() === '' ? Number.NaN : Number(value);
  if (!(number > 0 && number <= 1)) throw new InvalidArgumentError('Give a number above 0, up to 1.');
  return number;
}
