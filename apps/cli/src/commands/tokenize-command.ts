import { readFile } from 'node:fs/promises';
import { loadStaticModel } from '@model2vec-ts/static-model';
import { loadTokenizer, type Tokenizer, TokenizerError } from '@model2vec-ts/tokenizer';
import { type Command, Option } from 'commander';
import {
  addCommonFlags,
  addPlaceFlags,
  type MaxLength,
  type ModelFlags,
  maxLength,
  modelName,
  modelSource,
  type PlaceFlags,
  placeOptions,
  tokenLimit,
} from '../flags/model-flags.js';
import { addTextFlags, type TextFlags } from '../flags/text-flags.js';
import { openTextSource, type TextSource } from '../input/text-source.js';
import type { ByteSink } from '../output/byte-sink.js';
import { Output } from '../output/output.js';
import { formatOfOutput, type SuffixFormats } from '../output/output-suffix.js';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError } from '../terminal/file-error.js';
import { noticesFor } from '../terminal/notice.js';
import { startProgress } from '../terminal/progress-bar.js';

interface TokenizeFlags extends TextFlags, PlaceFlags, Pick<ModelFlags, 'model'> {
  readonly tokenizer?: string;
  readonly tokens?: boolean;
  readonly maxLength?: MaxLength;
  readonly output?: string;
  readonly quiet?: boolean;
}

/** Texts per batch. */
const BATCH_SIZE = 1024;

const OUTPUT_SUFFIXES: SuffixFormats<'jsonl'> = {
  formats: new Map([
    ['.jsonl', 'jsonl'],
    ['.ndjson', 'jsonl'],
    ['.txt', 'jsonl'],
  ]),
  fallback: 'jsonl',
};

/** Adds `m2v tokenize`. */
export function addTokenizeCommand(program: Command): void {
  const command = program
    .command('tokenize')
    .summary('print token ids of texts')
    .description(
      `Prints the token ids of each text, one JSON array per line.

No special tokens are added, unknown tokens are kept, and texts are cut only at --max-length. (embed drops unknown
tokens and cuts texts at the model's maximum length.)`,
    );
  addTextFlags(command)
    .addOption(
      new Option('--tokenizer <file>', 'tokenizer.json to use instead of a model').conflicts([
        'model',
        'revision',
        'subfolder',
      ]),
    )
    .option('--model <source>', 'model whose tokenizer is used (default: the bundled one)');
  addPlaceFlags(command)
    .option('--max-length <n>', "tokens kept of each text, or 'none' for all (default: none)", maxLength)
    .option('--tokens', 'print tokens instead of ids')
    .option('-o, --output <file>', "file to write; '-' for standard output (default)");
  addCommonFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  $ m2v tokenize "Model2Vec is fast"
  $ m2v tokenize --tokens "Model2Vec is fast"
  $ m2v tokenize --tokenizer tokenizer.json --input texts.jsonl --output ids.jsonl`,
    )
    .action((texts: string[], flags: TokenizeFlags) => tokenize(texts, flags));
}

async function tokenize(texts: readonly string[], flags: TokenizeFlags): Promise<void> {
  const source = await openTextSource(texts, flags, noticesFor(flags));
  const output = await Output.choose(flags.output, [...source.files, ...filesOf(flags)]);
  formatOfOutput(flags.output, OUTPUT_SUFFIXES, undefined);
  const sink = await output.open(false);
  try {
    const tokenizer =
      flags.tokenizer === undefined ? await tokenizerOfModel(flags) : await tokenizerOfFile(flags.tokenizer);
    await tokenizeInto(sink, source, tokenizer, flags, output);
    await sink.close();
  } catch (error) {
    await sink.discard();
    throw error;
  }
}

async function tokenizeInto(
  sink: ByteSink,
  source: TextSource,
  tokenizer: Tokenizer,
  flags: TokenizeFlags,
  output: Output,
): Promise<void> {
  const visible = output.path === undefined && process.stdout.isTTY;
  const progress = startProgress(source, flags.quiet !== true && !visible);
  const options = { maxTokens: tokenLimit(flags.maxLength ?? 'none') };
  let count = 0;
  try {
    for await (const { texts, position } of source.batches(BATCH_SIZE)) {
      let lines = '';
      for (const text of texts) {
        const ids = tokenizer.encode(text, options);
        const line = flags.tokens
          ? JSON.stringify(Array.from(ids, (id) => tokenizer.idToToken(id)))
          : `[${ids}]`;
        lines += `${line}\n`;
      }
      await sink.write(Buffer.from(lines));
      count += texts.length;
      progress.update(position, count);
    }
  } finally {
    progress.stop();
  }
}

function filesOf({ tokenizer }: TokenizeFlags): readonly string[] {
  return tokenizer === undefined ? [] : [tokenizer];
}

async function tokenizerOfFile(path: string): Promise<Tokenizer> {
  if (path === '') throw new UsageError('--tokenizer is empty; name a tokenizer.json');
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw fileError('read', path, cause);
  });
  try {
    return loadTokenizer(bytes);
  } catch (cause) {
    if (TokenizerError.isInstance(cause)) throw new FailureError(`${path}: ${cause.message}`, { cause });
    throw cause;
  }
}

async function tokenizerOfModel(flags: TokenizeFlags): Promise<Tokenizer> {
  const model = await loadStaticModel(modelSource(flags), placeOptions(flags));
  try {
    return loadTokenizer(model.tokenizerJson);
  } catch (cause) {
    if (TokenizerError.isInstance(cause)) {
      throw new FailureError(`${modelName(flags)}: ${cause.message}`, { cause });
    }
    throw cause;
  }
}
