import type { Command } from 'commander';
import { createEmbedder } from '../flags/embedder.js';
import { addCommonFlags, addEncodeFlags, type EncodeFlags } from '../flags/model-flags.js';
import { addTextFlags, type TextFlags } from '../flags/text-flags.js';
import { openTextSource } from '../input/text-source.js';
import { StreamSink } from '../output/stream-sink.js';
import { UsageError } from '../terminal/cli-error.js';
import { noticesFor } from '../terminal/notice.js';
import { colorsFor, excerpt } from '../terminal/terminal.js';
import { cosineTable } from './cosine-table.js';

interface SimilarityFlags extends EncodeFlags, TextFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** More columns would be unreadable; for many texts use `embed` and an index. */
const MOST_TEXTS = 100;

/** Width of one number in the table. */
const NUMBER_WIDTH = 7;

/** Adds `m2v similarity`. */
export function addSimilarityCommand(program: Command): void {
  const command = program
    .command('similarity')
    .summary('compare texts')
    .description(
      `Prints the cosine similarity of each pair of texts: 1 for the same direction, 0 for nothing in common.
Compares 2 to ${MOST_TEXTS} texts. A text without known tokens has similarity 0 to every text.`,
    );
  addTextFlags(command).option('--json', 'print {"texts":[…],"similarity":[[…],…]}');
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v similarity "a cat" "a kitten" "a lorry"
  $ m2v similarity --json --input texts.txt`,
    )
    .action((texts: string[], flags: SimilarityFlags) => similarity(texts, flags));
}

async function similarity(given: readonly string[], flags: SimilarityFlags): Promise<void> {
  const texts = await collect(given, flags);
  const embedder = await createEmbedder(flags);
  try {
    const embeddings = await embedder.encode(texts);
    const table = cosineTable(embeddings, embeddings);
    const result = flags.json ? `${JSON.stringify({ texts, similarity: table })}\n` : drawn(texts, table);
    await new StreamSink(process.stdout).write(Buffer.from(result));
  } finally {
    await embedder.close();
  }
}

async function collect(given: readonly string[], flags: SimilarityFlags): Promise<string[]> {
  const source = await openTextSource(given, flags, noticesFor(flags));
  const texts: string[] = [];
  for await (const batch of source.batches(MOST_TEXTS + 1)) {
    texts.push(...batch.texts);
    if (texts.length > MOST_TEXTS) {
      throw new UsageError(
        `similarity compares at most ${MOST_TEXTS} texts and got more; pass fewer, or use embed and compare the vectors`,
      );
    }
  }
  if (texts.length < 2) {
    throw new UsageError(`similarity compares texts and got ${texts.length}; pass at least 2`);
  }
  return texts;
}

function drawn(texts: readonly string[], table: readonly (readonly number[])[]): string {
  const colors = colorsFor(process.stdout);
  const width = String(texts.length).length + 4;
  const label = (i: number): string => `[${i + 1}]`.padStart(width);
  const columns = texts.map((_, i) => `[${i + 1}]`.padStart(NUMBER_WIDTH)).join('');
  const legend = texts.map((text, i) => `${colors.bold(label(i))} ${excerpt(text, 70)}\n`).join('');
  const rows = table.map((row, i) => {
    const cells = row.map((value, j) => {
      const cell = value.toFixed(3).padStart(NUMBER_WIDTH);
      return i === j ? colors.dim(cell) : cell;
    });
    return `${colors.bold(label(i))}${cells.join('')}\n`;
  });
  return `${legend}\n${' '.repeat(width)}${colors.bold(columns)}\n${rows.join('')}`;
}
