import stringWidth from 'string-width';

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Columns that a text takes on a terminal: two for most characters of East Asia and emoji, none for accents. */
export function textWidth(text: string): number {
  return stringWidth(text);
}

/** The start of a one-line text that fits a number of columns, with `…` if text was cut. */
export function fitted(text: string, columns: number): string {
  // Each column holds at least one character, and a character rarely has more than a few units.
  const start = text.slice(0, columns * 16);
  if (start.length === text.length && textWidth(text) <= columns) return text;
  let fits = '';
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(start)) {
    const next = textWidth(segment);
    if (width + next > columns - 1) break;
    fits += segment;
    width += next;
  }
  return `${fits.trimEnd()}…`;
}

/** Wraps a one-line text to at most `most` lines, at words if possible. */
export function wrapped(text: string, columns: number, most: number): string[] {
  const lines: string[] = [];
  let rest = text.trim();
  while (rest !== '' && lines.length < most - 1) {
    if (rest.length <= columns && textWidth(rest) <= columns) break;
    const whole = fitted(rest, columns + 1).replace(/…$/, '');
    if (whole === rest || whole === '') break;
    const space = whole.lastIndexOf(' ');
    // A long word, or a script without spaces, is broken at the end of the line.
    const isWordEnd = rest[whole.length] === ' ' || rest[whole.length] === undefined;
    const line = isWordEnd || space < columns / 2 ? whole : whole.slice(0, space);
    lines.push(line.trimEnd());
    rest = rest.slice(line.length).trimStart();
  }
  if (rest !== '') lines.push(fitted(rest, columns));
  return lines;
}

/** Columns of the terminal behind a stream; a readable width for a pipe. */
export function columnsOf(stream: { readonly columns?: number | undefined }): number {
  const columns = stream.columns ?? Number(process.env.COLUMNS || 100);
  return Number.isFinite(columns) ? Math.max(40, Math.floor(columns)) : 100;
}
