import { loadStaticModel, type QuantizedDtype, quantizeModel } from '@model2vec-ts/static-model';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addHiddenAliases } from '../flags/hidden-alias.js';
import {
  addCommonFlags,
  addPlaceFlags,
  type PlaceFlags,
  placeOptions,
  positiveInteger,
} from '../flags/model-flags.js';
import { openTextSource } from '../input/text-source.js';
import { megabytes, sizeOf, writeModel } from '../output/model-writer.js';
import { UsageError } from '../terminal/cli-error.js';
import { noticesFor } from '../terminal/notice.js';
import { startStages } from '../terminal/stage-progress.js';
import { grouped } from '../terminal/terminal.js';
import { madeUpTexts, meanCosine } from './likeness.js';

interface QuantizeFlags extends PlaceFlags {
  readonly dtype?: QuantizedDtype;
  readonly dimensionality?: number;
  readonly vocabularySize?: number;
  readonly seed?: number;
  readonly sample?: string;
  readonly output: string;
  readonly quiet?: boolean;
}

const DTYPES: readonly QuantizedDtype[] = ['float16', 'float32', 'float64', 'int8'];

/** Most texts of a sample; more would not change the printed digits. */
const MOST_SAMPLED = 20_000;

/** Adds `m2v quantize`. */
export function addQuantizeCommand(program: Command): void {
  const command = program
    .command('quantize')
    .summary('make a model smaller')
    .description(
      `Writes a smaller form of a model, which Python model2vec loads too: another element type, fewer dimensions, or
tokens that share rows (k-means; the same seed gives the same files). Pass at least one of the three.

The last line gives the sizes and the mean cosine between embeddings of the two models, of the texts in --sample or of
texts made from the vocabulary.`,
    )
    .argument('<model>', 'folder, URL or Hub id org/name of a model')
    .requiredOption('-o, --output <folder>', 'folder to write the model to; created if missing')
    .addOption(
      new Option('--dtype <dtype>', "element type of the table (default: the model's)").choices(DTYPES),
    )
    .option('--dimensionality <n>', 'keep the first n dimensions', positiveInteger)
    .option('--vocabulary-size <n>', 'let all tokens share n rows', positiveInteger)
    .option('--seed <n>', 'seed of the choice of those rows (default: 42)', seed)
    .option('--sample <file>', "texts to compare embeddings of, in any format; '-' for standard input");
  addHiddenAliases(command, '--output', '--out <folder>');
  addCommonFlags(addPlaceFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v quantize minishlab/potion-base-8M --dtype int8 --output potion-int8
  $ m2v quantize ./my-model --vocabulary-size 4096 --dtype int8 --dimensionality 128 --output tiny`,
    )
    .action((model: string, flags: QuantizeFlags) => quantize(model, flags));
}

function seed(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number > 0xffff_ffff) {
    throw new InvalidArgumentError(`Give a whole number from 0 to ${0xffff_ffff}.`);
  }
  return number;
}

async function quantize(source: string, flags: QuantizeFlags): Promise<void> {
  const { dtype, dimensionality, vocabularySize, seed } = flags;
  if (dtype === undefined && dimensionality === undefined && vocabularySize === undefined) {
    throw new UsageError(
      'nothing to change; pass at least one of --dtype, --dimensionality and --vocabulary-size',
    );
  }
  const model = await loadStaticModel(source, placeOptions(flags));
  const stages = startStages(flags.quiet !== true);
  try {
    const quantized = await quantizeModel(model, {
      ...(dtype !== undefined && { dtype }),
      ...(dimensionality !== undefined && { dimensionality }),
      ...(vocabularySize !== undefined && { vocabularySize }),
      ...(seed !== undefined && { seed }),
      onProgress: ({ stage, fraction }) => stages.show(`${stage} ${Math.floor(100 * fraction)}%`),
    });
    const texts = flags.sample === undefined ? madeUpTexts(model) : await sampled(flags.sample, flags);
    stages.show('comparing');
    const cosine = flags.quiet ? undefined : await meanCosine(model, quantized, texts);
    const bytes = await writeModel(quantized, flags.output);
    stages.stop();
    if (flags.quiet) return;
    const { table } = quantized;
    const shape = `${grouped(table.rows)} × ${table.dim} ${table.dtype}`;
    const kind = flags.sample === undefined ? 'made-up texts' : 'texts';
    const likeness =
      cosine === undefined
        ? `no ${kind} to compare`
        : `mean cosine ${cosine.toFixed(4)} of ${grouped(texts.length)} ${kind}`;
    process.stderr.write(
      `${megabytes(sizeOf(model))} -> ${megabytes(bytes)} in ${flags.output}: ${shape}, ${likeness}\n`,
    );
  } finally {
    stages.stop();
  }
}

async function sampled(file: string, flags: QuantizeFlags): Promise<readonly string[]> {
  const texts: string[] = [];
  const source = await openTextSource([], { input: [file] }, noticesFor(flags));
  for await (const batch of source.batches(1024)) {
    texts.push(...batch.texts.slice(0, MOST_SAMPLED - texts.length));
    if (texts.length === MOST_SAMPLED) break;
  }
  return texts;
}
