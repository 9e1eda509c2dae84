import { loadStaticModel, type PruneProgress, pruneVocabulary } from '@model2vec-ts/static-model';
import { loadTokenizer } from '@model2vec-ts/tokenizer';
import { type Command, Option } from 'commander';
import { addCommonFlags, addPlaceFlags, type PlaceFlags, placeOptions } from '../flags/model-flags.js';
import { openTextSource, STANDARD_INPUT, type TextSourceOptions } from '../input/text-source.js';
import { megabytes, sizeOf, writeModel } from '../output/model-writer.js';
import { UsageError } from '../terminal/cli-error.js';
import { counted, grouped } from '../terminal/terminal.js';
import { startStages } from './plot/stage-progress.js';

interface PruneFlags extends PlaceFlags, Pick<TextSourceOptions, 'inputFormat' | 'field'> {
  readonly corpus?: readonly string[];
  readonly tokens?: string;
  readonly out: string;
  readonly quiet?: boolean;
}

const BATCH = 1024;

/** Adds `m2v prune`. */
export function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .summary('a model for one corpus')
    .description(
      `Writes a model without the tokens that a corpus has no use for. Every text of the corpus keeps its embedding to the
bit, which is checked, and so does any other text whose tokens are all kept. Python model2vec loads it too.`,
    )
    .argument('<model>', 'folder, URL or Hub id org/name of a model')
    .requiredOption('-o, --out <folder>', 'where to write the model; made if it is not there')
    .option('--corpus <files...>', 'files of texts, a line each, or .jsonl; read twice')
    .option('--tokens <file>', 'file of tokens to keep, a line each, as tokenizer.json has them')
    .addOption(
      new Option('--input-format <format>', "what the corpus is (default: by each file's name)").choices([
        'text',
        'jsonl',
      ]),
    )
    .option('--field <name>', 'field of a JSON Lines object that holds the text (default: text)');
  addCommonFlags(addPlaceFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v prune minishlab/potion-base-8M --corpus pages.jsonl queries.txt --out site-model
  $ m2v prune ./my-model --tokens tokens.txt --out small`,
    )
    .action((model: string, flags: PruneFlags) => prune(model, flags));
}

async function prune(source: string, flags: PruneFlags): Promise<void> {
  const { corpus, tokens } = flags;
  if (corpus === undefined && tokens === undefined) throw new UsageError('name --corpus or --tokens');
  if (corpus?.includes(STANDARD_INPUT) || tokens === STANDARD_INPUT) {
    throw new UsageError('standard input cannot be read twice; name a file');
  }
  const model = await loadStaticModel(source, placeOptions(flags));
  const stages = startStages(flags.quiet !== true);
  try {
    const pruned = await pruneVocabulary(
      model,
      {
        ...(corpus && { corpus: textsOf(corpus, flags) }),
        ...(tokens !== undefined && { tokens: await linesOf(tokens) }),
      },
      {
        loadTokenizer,
        onProgress: ({ stage, texts }: PruneProgress) => stages.show(`${stage}: ${counted(texts, 'text')}`),
      },
    );
    const bytes = await writeModel(pruned.model, flags.out);
    stages.stop();
    if (flags.quiet) return;
    const fillers =
      pruned.fillers === 0 ? '' : `, ${grouped(pruned.fillers)} of them to cut long texts at the same place`;
    process.stderr.write(
      `${megabytes(sizeOf(model))} -> ${megabytes(bytes)} in ${flags.out}: ${grouped(pruned.tokens)} of ${counted(pruned.tokensBefore, 'token')}${fillers}\n`,
    );
  } finally {
    stages.stop();
  }
}

/** The texts of files, read anew each time. */
function textsOf(input: readonly string[], { inputFormat, field }: PruneFlags): AsyncIterable<string> {
  return {
    async *[Symbol.asyncIterator]() {
      const source = await openTextSource([], {
        input,
        ...(inputFormat && { inputFormat }),
        ...(field !== undefined && { field }),
      });
      for await (const { texts } of source.batches(BATCH)) yield* texts;
    },
  };
}

async function linesOf(file: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const source = await openTextSource([], { input: [file], inputFormat: 'text' });
  for await (const { texts } of source.batches(BATCH)) lines.push(...texts);
  return lines.filter((line) => line !== '');
}
