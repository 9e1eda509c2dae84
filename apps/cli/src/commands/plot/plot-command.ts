import { type Command, InvalidArgumentError, Option } from 'commander';
import { underHeading } from '../../flags/help-heading.js';
import { addHiddenAliases } from '../../flags/hidden-alias.js';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags, positiveInteger } from '../../flags/model-flags.js';
import { acceptInputFormats } from '../../flags/old-format.js';
import { addInputFlags } from '../../flags/reading-flags.js';
import type { PlotFlags } from './plot-flags.js';

/** Default number of texts: as many points as the eye can tell apart, in seconds. */
const DEFAULT_LIMIT = 2000;
/** Beyond this a layout takes minutes, and the picture has tens of megabytes. */
const LARGEST_LIMIT = 20_000;
const DEFAULT_SEED = 42;

/** Adds `m2v plot`. */
export function addPlotCommand(program: Command): void {
  const command = program
    .command('plot')
    .summary('plot texts as a map')
    .description(
      `Draws texts as points, similar texts close together, as an SVG or as an HTML page with a search box.
Hover over a point to see its text.

Reads texts from files (text, JSON Lines, CSV, Parquet, Markdown, as m2v index does) or from a Milvus collection.
Of more than --limit texts, a random sample is drawn; the same seed gives the same sample and the same map.

  umap  keeps neighbours together: clusters are meaningful, distances between them are not
  pca   keeps the two directions of largest variance: faster, and distances are meaningful`,
    )
    .argument('[files...]', "files, folders or patterns; '-' for standard input")
    .requiredOption('-o, --output <file>', "picture to write: .svg or .html; '-' for standard output")
    .addOption(
      new Option('--format <format>', 'format of the picture (default: by the suffix of --output)').choices([
        'svg',
        'html',
      ]),
    )
    .option('--color-by <field>', 'field or column that colours the points (default: the file, of several)')
    .option('--limit <n>', 'largest number of texts, chosen at random', limit, DEFAULT_LIMIT)
    .option('--title <text>', 'title of the picture (default: the name of the source)')
    .option('-c, --collection <name>', 'collection to draw instead of files, in the Milvus at --milvus');
  underHeading(command, 'Advanced:', (advanced) =>
    advanced
      .addOption(new Option('--method <method>', 'layout method').choices(['umap', 'pca']).default('umap'))
      .option('--seed <n>', 'seed of the random choice and the layout', seed, DEFAULT_SEED)
      .option('--filter <expression>', "Milvus' filter over fields, such as 'year > 1990'")
      .option('--force', 'draw a collection that another model or program filled'),
  );
  addHiddenAliases(addInputFlags(command), '--format', '--as <format>');
  acceptInputFormats(command);
  addConnectionFlags(command);
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v plot articles.jsonl --color-by topic --output map.html
  $ m2v plot docs/*.md --output docs.svg
  $ m2v plot --milvus ./milvus.db --collection notes --color-by lang --method pca --output notes.svg`,
    )
    .action(async (files: string[], flags: PlotFlags) => {
      await (await import('./plotting.js')).plot(files, flags);
    });
}

export function limit(value: string): number {
  const number = positiveInteger(value);
  if (number > LARGEST_LIMIT) throw new InvalidArgumentError(`Give at most ${LARGEST_LIMIT}.`);
  return number;
}

export function seed(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 0xffff_ffff) {
    throw new InvalidArgumentError(`Give a whole number from 0 to ${0xffff_ffff}.`);
  }
  return number;
}
