import { loadStaticModel, type PruneProgress, pruneVocabulary } from '@model2vec-ts/static-model';
import { loadTokenizer } from '@model2vec-ts/tokenizer';
import type { Command } from 'commander';
import { addHiddenAliases } from '../flags/hidden-alias.js';
import { addCommonFlags, addPlaceFlags, type PlaceFlags, placeOptions } from '../flags/model-flags.js';
import { addInputFlags, type InputFlags } from '../flags/reading-flags.js';
import { STANDARD_INPUT } from '../input/input-file.js';
import { openTextSource } from '../input/text-source.js';
import { megabytes, sizeOf, writeModel } from '../output/model-writer.js';
import { UsageError } from '../terminal/cli-error.js';
import { noticesFor } from '../terminal/notice.js';
import { startStages } from '../terminal/stage-progress.js';
import { counted, grouped } from '../terminal/terminal.js';

interface PruneFlags extends PlaceFlags, InputFlags {
  readonly corpus?: readonly string[];
  readonly tokens?: string;
  readonly output: string;
  readonly quiet?: boolean;
}

/** Texts per batch. */
const BATCH = 1024;

/** Adds `m2v prune`. */
export function addPruneCommand(program: Command): void {
  const command = program
    .command('prune')
    .summary('drop the tokens that a corpus does not use')
    .description(
      `Writes a model without the tokens that a corpus does not use. Every text of the corpus keeps its embedding to the
bit, which is checked, and so does any other text whose tokens are all kept. Python model2vec loads the model too.`,
    )
    .argument('<model>', 'folder, URL or Hub id org/name of a model')
    .requiredOption('-o, --output <folder>', 'folder to write the model to; created if missing')
    .option('--corpus <files...>', 'files, folders or patterns of texts, in any format; read twice')
    .option('--tokens <file>', 'file of tokens to keep, one per line, as in tokenizer.json');
  addHiddenAliases(addInputFlags(command), '--text-field', '--field <name>');
  addHiddenAliases(command, '--output', '--out <folder>');
  addCommonFlags(addPlaceFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v prune minishlab/potion-base-8M --corpus pages.jsonl queries.txt --output site-model
  $ m2v prune ./my-model --tokens tokens.txt --output small`,
    )
    .action((model: string, flags: PruneFlags) => prune(model, flags));
}

async function prune(source: string, flags: PruneFlags): Promise<void> {
  const { corpus, tokens } = flags;
  if (corpus === undefined && tokens === undefined)
    throw new UsageError('nothing says which tokens to keep; pass --corpus or --tokens');
  if (corpus?.includes(STANDARD_INPUT) || tokens === STANDARD_INPUT) {
    throw new UsageError('the corpus is read twice, but standard input can be read only once; name a file');
  }
  const onNotice = noticesFor(flags);
  const model = await loadStaticModel(source, placeOptions(flags));
  const stages = startStages(flags.quiet !== true);
  try {
    const pruned = await pruneVocabulary(
      model,
      {
        ...(corpus && { corpus: textsOf(corpus, flags, onNotice) }),
        ...(tokens !== undefined && { tokens: await linesOf(tokens) }),
      },
      {
        loadTokenizer,
        onProgress: ({ stage, texts }: PruneProgress) => stages.show(`${stage}: ${counted(texts, 'text')}`),
      },
    );
    const bytes = await writeModel(pruned.model, flags.output);
    stages.stop();
    if (flags.quiet) return;
    const fillers =
      pruned.fillers === 0 ? '' : `, ${grouped(pruned.fillers)} of them to cut long texts at the same place`;
    process.stderr.write(
      `${megabytes(sizeOf(model))} -> ${megabytes(bytes)} in ${flags.output}: ${grouped(pruned.tokens)} of ${counted(pruned.tokensBefore, 'token')}${fillers}\n`,
    );
  } finally {
    stages.stop();
  }
}

/** The texts of files, read again for each iteration; notices appear once. */
function textsOf(
  input: readonly string[],
  flags: PruneFlags,
  onNotice: (line: string) => void,
): AsyncIterable<string> {
  let isFirst = true;
  return {
    async *[Symbol.asyncIterator]() {
      const source = await openTextSource([], { ...flags, input }, isFirst ? onNotice : () => undefined);
      isFirst = false;
      for await (const { texts } of source.batches(BATCH)) yield* texts;
    },
  };
}

async function linesOf(file: string): Promise<readonly string[]> {
  const lines: string[] = [];
  const source = await openTextSource([], { input: [file], inputFormat: 'text' }, () => undefined);
  for await (const { texts } of source.batches(BATCH)) lines.push(...texts);
  return lines.filter((line) => line !== '');
}
