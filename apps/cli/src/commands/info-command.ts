import type { Command } from 'commander';
import { createEmbedder } from '../flags/embedder.js';
import { addCommonFlags, addEncodeFlags, type EncodeFlags, modelName } from '../flags/model-flags.js';
import { StreamSink } from '../output/stream-sink.js';
import { colorsFor, grouped, oneLine } from '../terminal/terminal.js';
import { drawnKernels, kernelFacts } from './kernel-listing.js';

interface InfoFlags extends EncodeFlags {
  readonly json?: boolean;
  readonly kernels?: boolean;
}

/** Output of `m2v info --json`. */
interface ModelFacts {
  readonly source: string;
  readonly layout: string;
  readonly rows: number;
  readonly dim: number;
  readonly dtype: string;
  readonly mapped: boolean;
  readonly weighted: boolean;
  readonly vocabulary: number;
  readonly tokenizer: string;
  readonly normalize: boolean;
  readonly maxLength: number | null;
  readonly medianTokenLength: number;
  readonly kernel: string;
  readonly fingerprint: string;
}

/** Adds `m2v info`. */
export function addInfoCommand(program: Command): void {
  const command = program
    .command('info')
    .summary('describe a model')
    .description(
      `Prints the facts of a model and the settings it will be used with, flags included.

The fingerprint is a SHA-256 over everything that determines the vectors: equal fingerprints mean equal vectors.`,
    )
    .option('--json', 'print JSON')
    .option('--kernels', 'list the kernels that can pool vectors here, instead of the model');
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v info
  $ m2v info --model ./my-model --json
  $ m2v info --kernels`,
    )
    .action((flags: InfoFlags) => info(flags));
}

async function info(flags: InfoFlags): Promise<void> {
  const result = flags.kernels ? kernels(flags) : await model(flags);
  await new StreamSink(process.stdout).write(Buffer.from(result));
}

async function model(flags: InfoFlags): Promise<string> {
  const facts = await factsOf(flags);
  return flags.json ? `${JSON.stringify(facts)}\n` : drawn(facts);
}

function kernels(flags: InfoFlags): string {
  const facts = kernelFacts();
  return flags.json ? `${JSON.stringify(facts)}\n` : drawnKernels(facts, colorsFor(process.stdout).bold);
}

async function factsOf(flags: InfoFlags): Promise<ModelFacts> {
  const embedder = await createEmbedder(flags);
  try {
    const { dim, normalize, maxLength, kernel, fingerprint } = embedder;
    const { layout, rows, dtype, mapped, weighted, vocabularySize, tokenizerFamily, medianTokenLength } =
      embedder.model;
    return {
      source: modelName(flags),
      layout,
      rows,
      dim,
      dtype,
      mapped,
      weighted,
      vocabulary: vocabularySize,
      tokenizer: tokenizerFamily,
      normalize,
      maxLength,
      medianTokenLength,
      kernel,
      fingerprint,
    };
  } finally {
    await embedder.close();
  }
}

function drawn(facts: ModelFacts): string {
  const colors = colorsFor(process.stdout);
  const extras = [facts.mapped && 'mapping', facts.weighted && 'weights'].filter((extra) => extra !== false);
  const lines: readonly (readonly [string, string])[] = [
    ['source', oneLine(facts.source)],
    ['layout', facts.layout],
    [
      'table',
      `${grouped(facts.rows)} × ${facts.dim} ${facts.dtype}${extras.map((extra) => ` + ${extra}`).join('')}`,
    ],
    ['dimensions', String(facts.dim)],
    ['tokenizer', `${facts.tokenizer}, ${grouped(facts.vocabulary)} tokens`],
    ['median token', `${facts.medianTokenLength} characters`],
    ['max length', facts.maxLength === null ? 'none' : `${facts.maxLength} tokens`],
    ['normalize', facts.normalize ? 'yes' : 'no'],
    ['kernel', facts.kernel],
    ['fingerprint', facts.fingerprint],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${colors.bold(name.padEnd(width))}  ${value}\n`).join('');
}
