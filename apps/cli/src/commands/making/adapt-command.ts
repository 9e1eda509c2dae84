import type { Command } from 'commander';
import { addCommonFlags, addPlaceFlags, positiveInteger } from '../../flags/model-flags.js';
import type { AdaptFlags } from './adapt-flags.js';
import { addMakingFlags, addTextsFlags } from './making-flags.js';

/** Adds `m2v adapt`. */
export function addAdaptCommand(program: Command): void {
  const command = program
    .command('adapt')
    .summary('adapt a model to your texts')
    .description(
      `Fits a model to unlabelled texts: its vector of each text comes as close as it can to the teacher's. The tokenizer
stays as it is. No labels, no gradients, no GPU: 60,000 short texts take a few minutes, most of it in the teacher.

--own names documents of the collection that will be searched. They count three times, sentences of long ones are texts,
too, and the fit is chosen for searching them. After Ctrl-C the same command continues with the texts that are left.`,
    )
    .argument('<model>', 'folder, URL or Hub id org/name of a model')
    .requiredOption('--teacher <source>', 'folder or Hub id org/name of a sentence transformer')
    .requiredOption('-o, --output <folder>', 'folder to write the model to; created if it is missing')
    .option(
      '--dimensionality <n>',
      'dimensions, at most those of the teacher (default: 256)',
      positiveInteger,
    );
  addTextsFlags(command);
  addMakingFlags(command);
  addCommonFlags(addPlaceFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v adapt ./minilm --teacher ./all-MiniLM-L6-v2 --texts sentences.txt --output adapted
  $ m2v adapt ./minilm --teacher ./all-MiniLM-L6-v2 --texts sentences.txt --own docs --output for-my-docs`,
    )
    .action(async (model: string, flags: AdaptFlags) => {
      await (await import('./adapting.js')).adaptModel(model, flags);
    });
}
