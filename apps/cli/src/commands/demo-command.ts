import { relative } from 'node:path';
import type { EmbeddingMatrix } from '@model2vec-ts/pooling-kernels';
import type { Command } from 'commander';
import { createEmbedder } from '../flags/embedder.js';
import { addCommonFlags, addEncodeFlags, type EncodeFlags, modelName } from '../flags/model-flags.js';
import { StreamSink } from '../output/stream-sink.js';
import { colorsFor, excerpt, oneLine } from '../terminal/terminal.js';
import { cosineTable } from './cosine-table.js';

const DOCUMENTS: readonly string[] = [
  'Artificial intelligence was founded as an academic discipline in 1956.',
  'Alan Turing was the first person to conduct substantial research in AI.',
  'Born in Maida Vale, London, Turing was raised in southern England.',
];

const QUERIES: readonly string[] = [
  'When was artificial intelligence founded',
  'Where was Alan Turing born?',
];

/** Number of values shown per vector. */
const SHOWN_VALUES = 4;

const NUMBER_WIDTH = 9;

/** Adds `m2v demo`. */
export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .summary('show an example to begin with')
    .description(
      'Embeds three documents and two questions, and answers each question with the nearest document.',
    );
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ m2v demo
  $ m2v demo --model minishlab/potion-base-8M`,
    )
    .action((flags: EncodeFlags) => demo(flags));
}

async function demo(flags: EncodeFlags): Promise<void> {
  const colors = colorsFor(process.stdout);
  const embedder = await createEmbedder(flags);
  try {
    const documents = await embedder.encode(DOCUMENTS);
    const queries = await embedder.encode(QUERIES);
    const table = cosineTable(queries, documents);
    const lines: string[] = [];
    const title = (text: string): void => {
      lines.push(colors.bold(text));
    };

    title(
      `${DOCUMENTS.length} documents and ${QUERIES.length} queries, embedded with ${oneLine(modelName(flags))}`,
    );
    DOCUMENTS.forEach((text, i) => {
      lines.push(`  D${i + 1}  ${text}`);
    });
    QUERIES.forEach((text, i) => {
      lines.push(`  Q${i + 1}  ${text}`);
    });

    lines.push('');
    title(`Each is ${embedder.dim} float32 values, starting with`);
    lines.push(...firstValues('D', documents), ...firstValues('Q', queries));

    lines.push('');
    title('Similarity (cosine)');
    lines.push(`    ${DOCUMENTS.map((_, i) => `D${i + 1}`.padStart(NUMBER_WIDTH)).join('')}`);
    table.forEach((row, i) => {
      const best = Math.max(...row);
      const cells = row.map((value) => {
        const cell = value.toFixed(3).padStart(NUMBER_WIDTH);
        return value === best ? colors.green(cell) : cell;
      });
      lines.push(`  Q${i + 1}${cells.join('')}`);
    });

    lines.push('');
    title('Answers, best first');
    table.forEach((row, i) => {
      lines.push(`  ${QUERIES[i]!}`);
      const order = row.map((_, j) => j).sort((a, b) => row[b]! - row[a]!);
      order.forEach((j, rank) => {
        const line = `    ${rank + 1}. ${row[j]!.toFixed(3)}  ${excerpt(DOCUMENTS[j]!, 72)}`;
        lines.push(rank === 0 ? colors.green(line) : line);
      });
    });

    lines.push(
      '  A static model knows words but not their order, so look at the first few answers, not only at the first.',
    );

    const m2v = commandName(process.argv[1]);
    lines.push('');
    title('Try next');
    lines.push(`  ${m2v} similarity "a cat" "a kitten" "a lorry"`);
    lines.push(`  ${m2v} embed "a first text" "a second" --output embeddings.npy`);
    lines.push(`  ${m2v} info`);
    lines.push(`  ${m2v} --help`);
    await new StreamSink(process.stdout).write(Buffer.from(`${lines.join('\n')}\n`));
  } finally {
    await embedder.close();
  }
}

/** The first values of vectors, one line each. */
function firstValues(letter: string, embeddings: EmbeddingMatrix): string[] {
  return Array.from(embeddings, (row, i) => {
    const values = Array.from(row.subarray(0, SHOWN_VALUES), (value) =>
      value.toFixed(5).padStart(NUMBER_WIDTH),
    );
    return `  ${letter}${i + 1}${values.join('')}  …`;
  });
}

/** How the reader can run this program again: by its name if it is installed, by its file in a clone. */
function commandName(script: string | undefined): string {
  if (script === undefined || !script.endsWith('.js') || /[\\/]node_modules[\\/]/.test(script)) return 'm2v';
  const path = relative(process.cwd(), script);
  return path.startsWith('..') ? 'm2v' : `node ${path}`;
}
