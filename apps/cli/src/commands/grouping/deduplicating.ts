import { type Deduplication, duplicateRows } from '@model2vec-ts/search';
import { createEmbedder } from '../../flags/embedder.js';
import { Output } from '../../output/output.js';
import { formatOfOutput, type SuffixFormats } from '../../output/output-suffix.js';
import { UsageError } from '../../terminal/cli-error.js';
import { counted, grouped, oneLine } from '../../terminal/terminal.js';
import type { DedupeFlags } from './grouping-flags.js';
import { type EmbeddedRows, embeddedRows, type PlacedRow, placeOf, recordJson } from './placed-rows.js';
import { writeLines } from './written-lines.js';

/** Formats by suffix; without one, the texts decide. */
const SUFFIXES: SuffixFormats<'text' | 'jsonl' | undefined> = {
  formats: new Map([
    ['.txt', 'text'],
    ['.jsonl', 'jsonl'],
    ['.ndjson', 'jsonl'],
  ] as const),
  fallback: undefined,
};

/** `m2v dedupe`. */
export async function dedupe(named: readonly string[], flags: DedupeFlags): Promise<void> {
  if (flags.json === true && (flags.output !== undefined || flags.format !== undefined)) {
    throw new UsageError(
      '--json prints a report instead of texts; leave out --output and --format, or --json',
    );
  }
  // Before the work, so that a wrong suffix costs none.
  const wanted = flags.format ?? formatOfOutput(flags.output, SUFFIXES, '--format');
  const input = await embeddedRows(named, flags, () => createEmbedder(flags));
  const { rows, matrix } = input;
  const found = await duplicateRows(matrix, flags.threshold);
  const { kept } = found;
  if (flags.duplicates !== undefined) {
    const output = await Output.choose(flags.duplicates, input.files);
    await writeLines(output, removed(rows, found), (each) => JSON.stringify(each));
  }
  const output = await Output.choose(flags.output, input.files);
  if (flags.json === true) {
    const report = {
      texts: rows.length,
      kept: kept.length,
      threshold: flags.threshold,
      duplicates: [...removed(rows, found)],
    };
    await writeLines(output, [report], (each) => JSON.stringify(each));
    return;
  }
  const format = wanted ?? (isPlain(input) ? 'text' : 'jsonl');
  await writeLines(
    output,
    kept.map((index) => rows[index]!),
    (row) => (format === 'text' ? row.text : recordJson(row, flags.textField)),
  );
  if (flags.quiet === true) return;
  const name = output.path === undefined ? '' : ` in ${oneLine(output.path)}`;
  process.stderr.write(
    `${grouped(kept.length)} of ${counted(rows.length, 'text')} kept${name}; ` +
      `${counted(rows.length - kept.length, 'duplicate')} removed (cosine ≥ ${flags.threshold})\n`,
  );
}

function* removed(
  rows: readonly PlacedRow[],
  { duplicates }: Deduplication,
): Generator<ReturnType<typeof placeOf> & { score: number; of: ReturnType<typeof placeOf> }> {
  for (const { index, of, score } of duplicates) {
    yield { ...placeOf(rows[index]!), score, of: placeOf(rows[of]!) };
  }
}

/** Whether each text fits on a line and has nothing beside it. */
function isPlain({ rows }: EmbeddedRows): boolean {
  return rows.every(({ text, fields }) => Object.keys(fields).length === 0 && !/[\r\n]/.test(text));
}
