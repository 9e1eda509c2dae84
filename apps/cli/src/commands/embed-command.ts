import { type Command, Option } from 'commander';
import { createEmbedder } from '../flags/embedder.js';
import { addCommonFlags, addEncodeFlags, type EncodeFlags } from '../flags/model-flags.js';
import { addTextFlags, type TextFlags } from '../flags/text-flags.js';
import { openTextSource, type TextSource } from '../input/text-source.js';
import type { ByteSink } from '../output/byte-sink.js';
import { Output } from '../output/output.js';
import {
  BINARY_FORMATS,
  createEmbeddingWriter,
  OUTPUT_FORMATS,
  OUTPUT_SUFFIXES,
  type OutputFormat,
} from '../output/output-format.js';
import { formatOfOutput } from '../output/output-suffix.js';
import { noticesFor } from '../terminal/notice.js';
import { startProgress } from '../terminal/progress-bar.js';
import { counted, grouped } from '../terminal/terminal.js';

interface EmbedFlags extends EncodeFlags, TextFlags {
  readonly format?: OutputFormat;
  readonly output?: string;
  readonly quiet?: boolean;
}

interface Written {
  readonly texts: number;
  readonly dim: number;
}

/** Adds `m2v embed`. */
export function addEmbedCommand(program: Command): void {
  const command = program
    .command('embed')
    .summary('embed texts')
    .description(
      `Embeds texts: one vector per text, in order.

Texts are arguments, or come from files, folders, patterns and standard input: plain text with a text per line, JSON
Lines, CSV, Parquet or Markdown (chunks of sections), also packed with gzip.

Formats of the result:
  jsonl    a line {"text":"…","embedding":[…]} per text
  json     one array of such objects
  f32      raw little-endian float32, row after row
  npy      a float32 array of shape (texts, dimensions) for numpy.load
  parquet  a column "text" and a column "embedding" of float32 lists

The output file appears when it is complete.`,
    );
  addTextFlags(command)
    .addOption(
      new Option(
        '-f, --format <format>',
        'format of the result (default: by the suffix of --output, else jsonl)',
      ).choices(OUTPUT_FORMATS),
    )
    .option('-o, --output <file>', "file to write; '-' for standard output (default)");
  addCommonFlags(addEncodeFlags(command));
  command
    .addHelpText(
      'after',
      `
Examples:
  $ m2v embed "a cat" "a kitten"
  $ m2v embed --input texts.txt --output embeddings.npy
  $ m2v embed --input articles.jsonl --text-field body --output articles.parquet
  $ cat texts.txt | m2v embed --no-normalize | head -1
  $ m2v embed --model ./my-model --max-length none -- "-5 degrees"`,
    )
    .action((texts: string[], flags: EmbedFlags) => embed(texts, flags));
}

async function embed(texts: readonly string[], flags: EmbedFlags): Promise<void> {
  const begun = performance.now();
  const source = await openTextSource(texts, flags, noticesFor(flags));
  const binaryFormat =
    flags.format !== undefined && BINARY_FORMATS.has(flags.format) ? flags.format : undefined;
  const output = await Output.choose(flags.output, source.files, binaryFormat);
  const format = flags.format ?? formatOfOutput(flags.output, OUTPUT_SUFFIXES, '--format');
  // Opened before the model, so that a missing folder does not cost a download.
  const sink = await output.open(format === 'npy' && source.unit !== 'texts');
  let written: Written;
  try {
    written = await embedInto(sink, source, format, output, flags);
    await sink.close();
  } catch (error) {
    await sink.discard();
    throw error;
  }
  if (flags.quiet !== true && process.stderr.isTTY && (output.path !== undefined || !process.stdout.isTTY)) {
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const place = output.path === undefined ? '' : ` in ${output.path}`;
    process.stderr.write(
      `${counted(written.texts, 'text')}: ${grouped(written.texts)} × ${written.dim} float32 as ${format}${place} (${seconds} s)\n`,
    );
  }
}

async function embedInto(
  sink: ByteSink,
  source: TextSource,
  format: OutputFormat,
  output: Output,
  flags: EmbedFlags,
): Promise<Written> {
  const embedder = await createEmbedder(flags);
  try {
    const rows = source.unit === 'texts' ? source.size : undefined;
    const writer = await createEmbeddingWriter(format, sink, embedder.dim, rows);
    const visible = output.path === undefined && process.stdout.isTTY;
    const progress = startProgress(source, flags.quiet !== true && !visible);
    let texts = 0;
    try {
      for await (const batch of source.batches(flags.batchSize)) {
        await writer.write(batch.texts, await embedder.encode(batch.texts));
        texts += batch.texts.length;
        progress.update(batch.position, texts);
      }
      await writer.finish();
    } finally {
      progress.stop();
    }
    return { texts, dim: embedder.dim };
  } finally {
    await embedder.close();
  }
}
