import { loadStaticModel, type QuantizedDtype, quantizeModel } from '@model2vec-ts/static-model';
import { type Command, InvalidArgumentError, Option } from 'commander';
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
import { grouped } from '../terminal/terminal.js';
import { madeUpTexts, meanCosine } from './likeness.js';
import { startStages } from './plot/stage-progress.js';

interface QuantizeFlags extends PlaceFlags {
  readonly dtype?: QuantizedDtype;
  readonly dimensionality?: number;
  readonly vocabularySize?: number;
  readonly seed?: number;
  readonly sample?: string;
  readonly out: string;
  readonly quiet?: boolean;
}

const DTYPES: readonly QuantizedDtype[] = ['float16', 'float32', 'float64', 'int8'];
/** Texts of a sample that are compared: more change no digit that is printed. */
const MOST_SAMPLED = 20_000;

/** Adds `m2v quantize`. */
export function addQuantizeCommand(program: Command): void {
  const command = program
    .command('quantize')
    .summary('a model made smaller')
    .description(
      `Writes a smaller form of a model, which Python model2vec loads too: other element type, fewer dimensions, or
tokens that share rows (k-means; the same seed gives the same files). At least one of the three is named.

Ends with a line of the sizes and of how alike embeddings are to those of the whole model: the mean cosine, of --sample
or of texts made of the vocabulary.`,
    )
    .argument('<model>', 'folder, URL or Hub id org/name of a model')
    .requiredOption('-o, --out <folder>', 'where to write the model; made if it is not there')
    .addOption(
      new Option('--dtype <dtype>', "element type of the table (default: the model's)").choices(DTYPES),
    )
    .option('--dimensionality <n>', 'keep the first n dimensions', positiveInteger)
    .option('--vocabulary-size <n>', 'let all tokens share n rows', positiveInteger)
    .option('--seed <n>', 'where the choice of those rows begins (default: 42)', seed)
    .option(
      '--sample <file>',
      "texts to compare embeddings of, a line each, or .jsonl; '-' for standard input",
    );
  addCommonFlags(addPlaceFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v quantize minishlab/potion-base-8M --dtype int8 --out potion-int8
  $ m2v quantize ./my-model --vocabulary-size 4096 --dtype int8 --dimensionality 128 --out tiny`,
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
    throw new UsageError('name at least one of --dtype, --dimensionality and --vocabulary-size');
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
    const texts = flags.sample === undefined ? madeUpTexts(model) : await sampled(flags.sample);
    stages.show('comparing');
    const cosine = flags.quiet ? undefined : await meanCosine(model, quantized, texts);
    const bytes = await writeModel(quantized, flags.out);
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
      `${megabytes(sizeOf(model))} -> ${megabytes(bytes)} in ${flags.out}: ${shape}, ${likeness}\n`,
    );
  } finally {
    stages.stop();
  }
}

async function sampled(file: string): Promise<readonly string[]> {
  const texts: string[] = [];
  const source = await openTextSource([], { input: [file] });
  for await (const batch of source.batches(1024)) {
    texts.push(...batch.texts.slice(0, MOST_SAMPLED - texts.length));
    if (texts.length === MOST_SAMPLED) break;
  }
  return texts;
}
