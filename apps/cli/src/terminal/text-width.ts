import { createRequire } from 'node:module';

/** Text of characters that take one column each: printable ASCII, Latin, and common punctuation. */
const ONE_COLUMN_EACH = /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u2010-\u2027\u2030-\u203a]*$/;

let loaded: typeof import('string-width') | undefined;
let graphemes: Intl.Segmenter | undefined;

/** Columns that a text takes on a terminal: two for most characters of East Asia and emoji, none for accents. */
export function textWidth(text: string): number {
  if (ONE_COLUMN_EACH.test(text)) return text.length;
  // Loaded only here: its tables and regular expressions take 40 ms, and most texts need none.
  loaded ??= createRequire(import.meta.url)('string-width') as typeof import('string-width');
  return loaded.default(text);
}

/** The start of a one-line text that fits a number of columns, with `…` if text was cut. */
export function fitted(text: string, columns: number): string {
  // Each column holds at least one character, and a character rarely has more than a few units.
  const start = text.slice(0, columns * 16);
  if (start.length === text.length && textWidth(text) <= columns) return text;
  if (ONE_COLUMN_EACH.test(start)) return `${start.slice(0, columns - 1).trimEnd()}…`;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let fits = '';
  let width = 0;
  for (const { segment } of graphemes.segment(start)) {
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
