import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import type { VectorMatrix } from '@model2vec-ts/search';
import { readingOptions } from '../../flags/reading-flags.js';
import { isProblem } from '../../input/found-row.js';
import { inputName } from '../../input/input-file.js';
import { findInputFiles } from '../../input/input-files.js';
import { readRows } from '../../input/row-reader.js';
import { NO_ID_FIELD } from '../../input/row-recipe.js';
import { FailureError } from '../../terminal/cli-error.js';
import { noticesFor } from '../../terminal/notice.js';
import { oneLine } from '../../terminal/terminal.js';
import type { GroupingFlags } from './grouping-flags.js';

/** A text of the files, and where it is. */
export interface PlacedRow {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  /** The other fields of its record. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The texts of files with their embeddings. */
export interface EmbeddedRows {
  readonly files: readonly string[];
  readonly rows: readonly PlacedRow[];
  /** Embeddings, row for row. */
  readonly matrix: VectorMatrix;
}

/** Unreadable records that are named; the others are counted. */
const MOST_NAMED = 5;

/** Reads every text of the files and embeds it. */
export async function embeddedRows(
  named: readonly string[],
  flags: GroupingFlags,
  createEmbedder: () => Promise<Model2VecEmbeddingFunction>,
): Promise<EmbeddedRows> {
  const onNotice = noticesFor(flags);
  const files = await findInputFiles(named, flags.inputFormat, onNotice);
  const options = readingOptions({ ...flags, idType: 'varchar', idField: NO_ID_FIELD }, onNotice);
  const rows: PlacedRow[] = [];
  let unreadable = 0;
  for (const file of files) {
    for await (const { found } of readRows(file, options)) {
      for (const each of found) {
        if (isProblem(each)) {
          if (++unreadable <= MOST_NAMED) {
            onNotice(`skipped ${inputName(file.path)}, line ${each.line}: ${oneLine(each.reason)}`);
          }
          continue;
        }
        const { text, ...fields } = each.row;
        rows.push({ file: file.path, line: each.line, text, fields });
      }
    }
  }
  if (unreadable > MOST_NAMED) onNotice(`skipped ${unreadable - MOST_NAMED} more records`);
  if (rows.length === 0) {
    throw new FailureError(`no text could be read from ${named.map(oneLine).join(', ')}`);
  }
  const embedder = await createEmbedder();
  try {
    const matrix = await embedder.encode(rows.map(({ text }) => text));
    return { files: files.map(({ path }) => path), rows, matrix };
  } finally {
    await embedder.close();
  }
}

/** A row's place and text, for JSON. */
export function placeOf({ file, line, text }: PlacedRow): Pick<PlacedRow, 'file' | 'line' | 'text'> {
  return { file, line, text };
}

/** JSON of a record as its file has it, integers of 64 bits included. */
export function recordJson({ text, fields }: PlacedRow, textField: string | undefined): string {
  return exactJson({ [textField ?? 'text']: text, ...fields });
}

/** JSON with bigints as numbers, which `JSON.stringify` refuses. */
function exactJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(exactJson).join(',')}]`;
  if (typeof value !== 'object' || value === null || 'toJSON' in value)
    return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries.map(([name, inner]) => `${JSON.stringify(name)}:${exactJson(inner)}`).join(',')}}`;
}
