import { type Command, InvalidArgumentError, Option } from 'commander';
import { addHiddenAliases } from '../../flags/hidden-alias.js';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags, positiveInteger } from '../../flags/model-flags.js';
import { acceptInputFormats } from '../../flags/old-format.js';
import { addInputFlags } from '../../flags/reading-flags.js';
import type { PlotFlags } from './plot-flags.js';

/** Texts where the call does not say: as many points as the eye tells apart, in seconds. */
const DEFAULT_LIMIT = 2000;
/** Beyond this a layout takes minutes, and a picture tens of megabytes. */
const LARGEST_LIMIT = 20_000;
const DEFAULT_SEED = 42;

/** Adds `m2v plot`. */
export function addPlotCommand(program: Command): void {
  const command = program
    .command('plot')
    .summary('a map of texts as a picture')
    .description(
      `Draws texts as points, those of similar vectors near each other: an SVG, or an HTML page with a box to find texts in.
Over a point stands its text.

The texts are those of files (text, JSON Lines, CSV, Parquet, Markdown, as m2v index takes them) or of a Milvus
collection. Of more than --limit a random part is drawn; the same seed gives the same part and the same map.

  umap  keeps neighbours together: clusters mean something, distances between them little
  pca   keeps the two directions that differ most: faster, and distances mean what they show`,
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
    .addOption(
      new Option('--method <method>', 'how vectors become places').choices(['umap', 'pca']).default('umap'),
    )
    .option('--limit <n>', 'texts to draw, at most', limit, DEFAULT_LIMIT)
    .option('--seed <n>', 'what the choice of texts and the map begin with', seed, DEFAULT_SEED)
    .option('--title <text>', 'title of the picture (default: what is drawn)')
    .option('-c, --collection <name>', 'collection to draw instead of files, of the Milvus at --milvus')
    .option('--filter <expression>', "Milvus' filter over fields, such as 'year > 1990'")
    .option('--force', 'draw a collection that another model or program filled');
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
