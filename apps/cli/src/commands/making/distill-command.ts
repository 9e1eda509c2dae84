import { type Command, InvalidArgumentError, Option } from 'commander';
import { underHeading } from '../../flags/help-heading.js';
import { addCommonFlags } from '../../flags/model-flags.js';
import type { DistillFlags } from './distill-flags.js';
import { addMakingFlags, addTextsFlags } from './making-flags.js';

/** Adds `m2v distill`. */
export function addDistillCommand(program: Command): void {
  const command = program
    .command('distill')
    .summary('make a model from a sentence transformer')
    .description(
      `Makes a static model from a sentence transformer, as Python model2vec does: the folder loads there too. With --texts
or --own the model is then adapted to them, which keeps half of the teacher's ranking instead of a third.

The teacher is a Hub id, or a folder with config.json, tokenizer.json, and onnx/model.onnx or model.safetensors (BERT,
RoBERTa, XLM-RoBERTa, CamemBERT, MPNet, DistilBERT). It needs the package onnxruntime-node. After Ctrl-C the same command
continues with the texts that are left.`,
    )
    .argument('<teacher>', 'folder or Hub id org/name of a sentence transformer')
    .requiredOption('-o, --output <folder>', 'folder to write the model to; created if it is missing')
    .option(
      '--dimensionality <n>',
      "dimensions, a share of the variance such as 0.9, 'auto' for all, 'none' for no rotation (default: 256)",
      dimensionality,
    );
  addTextsFlags(command);
  addMakingFlags(command)
    .option('--words <file>', 'file of words to add to the vocabulary, one per line')
    .option(
      '--vocabulary-size <n>',
      'let tokens share n rows; without texts (default: a row per token)',
      count,
    );
  underHeading(command, 'Advanced:', (advanced) =>
    advanced
      .addOption(
        new Option(
          '--pooling <mode>',
          "how a token's states become its vector; without texts (default: mean)",
        ).choices(['mean', 'first', 'last', 'pooler']),
      )
      .option('--sif <number>', "weight of frequent tokens, or 'none'; without texts (default: 0.0001)", sif),
  );
  addCommonFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ m2v distill sentence-transformers/all-MiniLM-L6-v2 --output minilm
  $ m2v distill ./all-MiniLM-L6-v2 --texts sentences.txt --own docs --output my-model
  $ m2v distill ./all-MiniLM-L6-v2 --dimensionality 64 --dtype int8 --output tiny`,
    )
    .action(async (teacher: string, flags: DistillFlags) => {
      await (await import('./distilling.js')).distillModel(teacher, flags);
    });
}

function dimensionality(value: string): number | 'auto' | 'none' {
  if (value === 'auto' || value === 'none') return value;
  const number = Number(value);
  if (number > 0 && (number < 1 || Number.isInteger(number))) return number;
  throw new InvalidArgumentError("Give a whole number, a share between 0 and 1, 'auto' or 'none'.");
}

function sif(value: string): number | 'none' {
  if (value === 'none') return value;
  const number = Number(value);
  if (number > 0 && number < 1) return number;
  throw new InvalidArgumentError("Give a number above 0 and below 1, or 'none'.");
}

function count(value: string): number {
  const number = Number(value);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new InvalidArgumentError('Give a whole number of at least 1.');
}
