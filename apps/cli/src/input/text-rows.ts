import type { Found, FoundBatch } from './found-row.js';
import type { OpenInput } from './input-bytes.js';
import { readNumberedLines } from './numbered-lines.js';
import { isBlank } from './row-recipe.js';

/** Yields a row per line of a text. */
export async function* readTextRows(
  { bytes, position }: Exclude<OpenInput, { format: 'parquet' }>,
  { keepsBlank, longestLine }: { readonly keepsBlank: boolean; readonly longestLine: number },
): AsyncGenerator<FoundBatch, void, undefined> {
  for await (const { lines, first, problems } of readNumberedLines(bytes, longestLine)) {
    const found: Found[] = [];
    let empty = 0;
    for (let i = 0; i < lines.length; i++) {
      const line = first + i;
      const text = lines[i]!;
      const reason = problems.size === 0 ? undefined : problems.get(line);
      if (reason !== undefined) found.push({ line, reason });
      else if (!keepsBlank && isBlank(text)) empty++;
      else found.push({ line, row: { text } });
    }
    yield { found, empty, position: position() };
  }
}
