import { clusters, similarity } from '@model2vec-ts/search';
import { createEmbedder } from '../../flags/embedder.js';
import { Output } from '../../output/output.js';
import { StreamSink } from '../../output/stream-sink.js';
import { UsageError } from '../../terminal/cli-error.js';
import { colorsFor, counted, grouped, oneLine } from '../../terminal/terminal.js';
import { columnsOf, fitted } from '../../terminal/text-width.js';
import type { ClusterFlags } from './grouping-flags.js';
import { type EmbeddedRows, embeddedRows, type PlacedRow, placeOf } from './placed-rows.js';
import { writeLines } from './written-lines.js';

/** A group of texts. */
interface Group {
  /** Number of the group, from 1; the largest is the first. */
  readonly cluster: number;
  /** Positions of its texts, the most typical first. */
  readonly members: readonly number[];
  /** Cosines of the texts with the direction of the group. */
  readonly scores: readonly number[];
}

/** `m2v cluster`. */
export async function cluster(named: readonly string[], flags: ClusterFlags): Promise<void> {
  const input = await embeddedRows(named, flags, () => createEmbedder(flags));
  const { rows } = input;
  if (flags.clusters !== undefined && flags.clusters > rows.length) {
    throw new UsageError(
      `--clusters ${flags.clusters} is more than the ${counted(rows.length, 'text')} of the files; pass at most that many`,
    );
  }
  const groups = await groupsOf(input, flags);
  if (flags.output !== undefined) {
    const output = await Output.choose(flags.output, input.files);
    const clusterOf = new Uint32Array(rows.length);
    for (const { cluster: number, members } of groups) for (const row of members) clusterOf[row] = number;
    await writeLines(output, rows.keys(), (row) =>
      JSON.stringify({ cluster: clusterOf[row], ...placeOf(rows[row]!) }),
    );
    // Both on standard output would mix two formats.
    if (output.path === undefined) return;
  }
  const printed =
    flags.json === true ? jsonOf(rows, groups, flags.examples) : drawn(rows, groups, flags.examples);
  await new StreamSink(process.stdout).write(Buffer.from(printed));
}

async function groupsOf({ matrix }: EmbeddedRows, flags: ClusterFlags): Promise<readonly Group[]> {
  const found = await clusters(matrix, {
    seed: flags.seed,
    ...(flags.clusters !== undefined && { count: flags.clusters }),
  });
  const members: { row: number; score: number }[][] = Array.from({ length: found.count }, () => []);
  const { dim } = matrix;
  found.assignments.forEach((number, row) => {
    const vector = matrix.data.subarray(row * dim, (row + 1) * dim);
    const centroid = found.centroids.subarray(number * dim, (number + 1) * dim);
    members[number]!.push({ row, score: similarity(vector, centroid) });
  });
  return members
    .filter((each) => each.length > 0)
    .sort((a, b) => b.length - a.length || a[0]!.row - b[0]!.row)
    .map((each, i) => {
      const sorted = each.sort((a, b) => b.score - a.score || a.row - b.row);
      return {
        cluster: i + 1,
        members: sorted.map(({ row }) => row),
        scores: sorted.map(({ score }) => score),
      };
    });
}

function jsonOf(rows: readonly PlacedRow[], groups: readonly Group[], examples: number): string {
  const printed = groups.map(({ cluster: number, members, scores }) => ({
    cluster: number,
    size: members.length,
    examples: members.slice(0, examples).map((row, i) => ({ ...placeOf(rows[row]!), score: scores[i] })),
  }));
  return `${JSON.stringify({ texts: rows.length, clusters: printed })}\n`;
}

function drawn(rows: readonly PlacedRow[], groups: readonly Group[], examples: number): string {
  const colors = colorsFor(process.stdout);
  const width = columnsOf(process.stdout);
  const blocks = groups.map(({ cluster: number, members }) => {
    const lines = members
      .slice(0, examples)
      .map((row) => `  ${fitted(oneLine(rows[row]!.text), width - 2)}\n`);
    const rest = members.length - lines.length;
    const more = rest > 0 ? `  ${colors.dim(`and ${grouped(rest)} more`)}\n` : '';
    return `${colors.bold(`${number}`)}  ${colors.dim(counted(members.length, 'text'))}\n${lines.join('')}${more}`;
  });
  return `${blocks.join('\n')}\n${colors.dim(`${counted(rows.length, 'text')} in ${counted(groups.length, 'group')}`)}\n`;
}
