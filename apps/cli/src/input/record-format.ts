import { CSV_DELIMITERS } from './csv-delimiter.js';
import type { InputFormat } from './input-format.js';

/** Formats that the first lines of a text can reveal. */
type GuessedFormat = Extract<InputFormat, 'text' | 'jsonl' | 'csv'>;

/** Whether the start of a text is long enough for {@link guessFormat}. */
export function canGuess(head: Uint8Array, textField: string): boolean {
  const end = head.indexOf(0x0a);
  if (end < 0) return false;
  const [first = ''] = linesOf(head);
  return headerDelimiter(first, textField) === undefined || head.indexOf(0x0a, end + 1) >= 0;
}

/**
 * Recognises records by the first two lines: an object with the text field, or a header with the text field above a
 * line with as many values. Plain text almost never starts like that.
 */
export function guessFormat(head: Uint8Array, textField: string): GuessedFormat {
  const [first = '', second] = linesOf(head);
  if (isJsonRecord(first, textField)) return 'jsonl';
  const delimiter = headerDelimiter(first, textField);
  if (delimiter === undefined || second === undefined) return 'text';
  const columns = first.split(delimiter).length;
  // Quoted values may contain delimiters and line ends, so only unquoted lines can be counted.
  return second.includes('"') || second.split(delimiter).length === columns ? 'csv' : 'text';
}

function linesOf(head: Uint8Array): readonly string[] {
  return Buffer.from(head.buffer, head.byteOffset, head.length)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split(/\r?\n/, 2);
}

function isJsonRecord(line: string, textField: string): boolean {
  if (!line.trimStart().startsWith('{')) return false;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && Object.hasOwn(value, textField);
  } catch {
    return false;
  }
}

/** Delimiter of a header that has the text field among other columns. */
function headerDelimiter(line: string, textField: string): string | undefined {
  return CSV_DELIMITERS.find((delimiter) => {
    const names = line.split(delimiter).map((name) => name.trim().replace(/^"(.*)"$/, '$1'));
    return (
      names.length > 1 && names.includes(textField) && names.every((name) => name !== '' && name.length < 64)
    );
  });
}
