import type { Colors } from './terminal.js';
import { textWidth } from './text-width.js';

/**
 * Draws rows of cells as aligned columns, two spaces apart.
 *
 * @param rows - the first row is the head, which is bold
 * @param numbers - indexes of the columns that are aligned on the right
 */
export function drawTable(
  rows: readonly (readonly string[])[],
  numbers: readonly number[],
  colors: Colors,
): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => textWidth(row[column]!))));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => {
        const gap = ' '.repeat(widths[column]! - textWidth(cell));
        return numbers.includes(column) ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line, i) => `${i === 0 ? colors.bold(line) : line}\n`).join('');
}
