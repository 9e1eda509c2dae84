import { once } from 'node:events';
import { type CsvError, parse } from 'csv-parse';
import { FailureError } from '../terminal/cli-error.js';
import { excerpt } from '../terminal/terminal.js';
import { likelyDelimiter } from './csv-delimiter.js';
import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import type { OpenInput } from './input-bytes.js';
import { inputName } from './input-file.js';
import { holdsReplacement, type RowCook } from './row-recipe.js';
import { Utf8Check } from './utf8-check.js';

/** Options for reading CSV. */
export interface CsvOptions {
  /** Delimiter of values; `undefined` for a tab in `.tsv`, else the most frequent one in the first line. */
  readonly delimiter: string | undefined;
  /** Column names, for a file without a header. */
  readonly columns: readonly string[] | undefined;
  /** Whether numbers and booleans stay strings. */
  readonly asStrings: boolean;
}

/** Most bytes of a record; only an unclosed quote makes a larger one. */
const LONGEST_RECORD = 16 * 1024 * 1024;

/** Yields a row per record of a CSV file. */
export async function* readCsvRows(
  { path, bytes, position }: Exclude<OpenInput, { format: 'parquet' }>,
  cook: RowCook,
  options: CsvOptions,
): AsyncGenerator<FoundBatch, void, undefined> {
  const name = inputName(path);
  const check = new Utf8Check();
  const records = new RecordTaker(name, cook, options, check);
  let parser: ReturnType<typeof parse> | undefined;
  for await (const chunk of bytes) {
    check.add(chunk);
    if (parser === undefined) {
      parser = records.parser(options.delimiter ?? likelyDelimiter(path, chunk));
      parser.on('error', (error) => records.fail(error));
      // Callbacks receive records and errors in order, so the stream itself stays empty.
      parser.resume();
    }
    if (!parser.write(chunk)) await once(parser, 'drain');
    yield { ...records.taken(), position: position() };
  }
  if (parser === undefined) return;
  check.end();
  const ended = once(parser, 'end');
  parser.end();
  await ended;
  yield { ...records.taken(), position: position() };
}

class RecordTaker {
  readonly #name: string;
  readonly #cook: RowCook;
  readonly #options: CsvOptions;
  readonly #check: Utf8Check;
  #columns: readonly string[] | undefined;
  #found: Found[] = [];
  #empty = 0;
  /** Line of the next record, not counting empty lines. */
  #nextLine = 1;
  #failure: FailureError | undefined;

  constructor(name: string, cook: RowCook, options: CsvOptions, check: Utf8Check) {
    this.#name = name;
    this.#cook = cook;
    this.#options = options;
    this.#check = check;
    this.#columns = options.columns;
  }

  parser(delimiter: string): ReturnType<typeof parse> {
    return parse({
      bom: true,
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      skip_empty_lines: true,
      // A quote in the middle of a value stays a quote; an error there would lose the rest of the file.
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_error: true,
      max_record_size: LONGEST_RECORD,
      on_record: (record: readonly string[], { empty_lines }) => {
        // The parser counts a CRLF inside quotes as two lines.
        const line = this.#nextLine + empty_lines;
        this.#nextLine += 1 + lineBreaks(record);
        if (this.#failure === undefined) this.#take(record, line);
        return null;
      },
      on_skip: (error) => {
        this.#skip(error, this.#nextLine + Number(error?.empty_lines ?? 0));
        return undefined;
      },
    });
  }

  /**
   * Returns the values parsed since the last call.
   *
   * @throws FailureError if the rest of the file cannot be read
   */
  taken(): { readonly found: readonly Found[]; readonly empty: number } {
    if (this.#failure !== undefined) throw this.#failure;
    const result = { found: this.#found, empty: this.#empty };
    this.#found = [];
    this.#empty = 0;
    return result;
  }

  /** Keeps an error for {@link RecordTaker.taken}, because the parser swallows errors thrown by callbacks. */
  fail(cause: Error): void {
    this.#failure ??= new FailureError(`${this.#name}: ${cause.message}`, { cause });
  }

  #take(values: readonly string[], line: number): void {
    if (this.#columns === undefined) {
      this.#nameColumns(values);
      return;
    }
    if (this.#check.failed && holdsReplacement(values)) {
      this.#found.push({ line, reason: NOT_UTF8 });
      return;
    }
    const columns = this.#columns;
    if (values.length !== columns.length) {
      const reason = `expected ${columns.length} values, one per column; found ${values.length}`;
      this.#found.push({ line, reason });
      return;
    }
    const record: Record<string, unknown> = {};
    for (let i = 0; i < columns.length; i++) record[columns[i]!] = values[i];
    const cooked = this.#cook.cook(record);
    if (cooked === undefined) {
      this.#empty++;
    } else if ('reason' in cooked) {
      this.#found.push({ line, ...cooked });
    } else {
      const { row } = cooked;
      if (!this.#options.asStrings) typeValues(row);
      this.#found.push({ line, row });
    }
  }

  #nameColumns(values: readonly string[]): void {
    const names = values.map((value, i) => (value.trim() === '' ? `column_${i + 1}` : value.trim()));
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    this.#columns = names;
    if (twice === undefined) return;
    this.#failure = new FailureError(
      `${this.#name}: two columns are named ${JSON.stringify(excerpt(twice, 40))}; rename one`,
    );
  }

  #skip(error: CsvError | undefined, first: number): void {
    if (error?.code === 'CSV_MAX_RECORD_SIZE') {
      this.#failure ??= new FailureError(
        `${this.#name}:${first}: the record is longer than 16 MiB; look for a quote there that is never closed`,
      );
      return;
    }
    const reason =
      error?.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quote is opened here and never closed, so the rest of the file is inside it'
        : (error?.message ?? 'not a record');
    this.#found.push({ line: first, reason });
  }
}

function lineBreaks(values: readonly string[]): number {
  let count = 0;
  for (const value of values) {
    for (let at = value.indexOf('\n'); at >= 0; at = value.indexOf('\n', at + 1)) count++;
  }
  return count;
}

/** Numbers as a program writes them; `007`, `1.50`, `1e5` and more than 15 digits may be codes and stay strings. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{0,14}[1-9])?$/;

/** Converts numbers and booleans, so that filters can compare them, and drops empty values. */
function typeValues(row: Record<string, unknown>): void {
  for (const name in row) {
    if (name === 'text' || name === 'id') continue;
    const value = row[name];
    if (value === '') row[name] = undefined;
    else if (value === 'true' || value === 'false') row[name] = value === 'true';
    else if (typeof value === 'string' && PLAIN_NUMBER.test(value)) row[name] = Number(value);
  }
}
