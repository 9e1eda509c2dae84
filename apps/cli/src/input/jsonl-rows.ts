import { excerpt } from '../terminal/terminal.js';
import { parseExactJson } from './exact-json.js';
import type { Found, FoundBatch } from './found-row.js';
import type { OpenInput } from './input-bytes.js';
import { readNumberedLines } from './numbered-lines.js';
import { isBlank, type RowCook, type SourceRecord } from './row-recipe.js';

/** Yields a row per line of JSON Lines: an object with fields, or a string that is the text. */
export async function* readJsonlRows(
  { bytes, position }: Exclude<OpenInput, { format: 'parquet' }>,
  cook: RowCook,
  longestLine: number,
): AsyncGenerator<FoundBatch, void, undefined> {
  for await (const { lines, first, problems } of readNumberedLines(bytes, longestLine)) {
    const found: Found[] = [];
    let empty = 0;
    for (let i = 0; i < lines.length; i++) {
      const line = first + i;
      const json = lines[i]!;
      const reason = problems.get(line);
      if (reason !== undefined) {
        found.push({ line, reason });
        continue;
      }
      // JSON Lines allows blank lines.
      if (isBlank(json)) continue;
      const record = recordOf(json);
      const cooked = 'reason' in record ? record : cook.cook(record.fields);
      if (cooked === undefined) empty++;
      else found.push({ line, ...cooked });
    }
    yield { found, empty, position: position() };
  }
}

function recordOf(json: string): { readonly fields: SourceRecord } | { readonly reason: string } {
  let value: unknown;
  try {
    value = parseExactJson(json);
  } catch (error) {
    if (error instanceof RangeError) return { reason: error.message };
    return { reason: `not JSON: found ${excerpt(json, 40)}` };
  }
  if (typeof value === 'string') return { fields: { text: value } };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return { fields: value as SourceRecord };
  }
  return { reason: `expected an object or a string; found ${excerpt(json, 40)}` };
}
