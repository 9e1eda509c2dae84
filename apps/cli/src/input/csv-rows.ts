import { once } from 'node:events';
import { type CsvError, parse } from 'csv-parse';
import { FailureError } from '../terminal/cli-error.js';
import { excerpt } from '../terminal/terminal.js';
import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import { type InputFile, inputName, readBytes } from './input-file.js';
import { holdsReplacement, type RowCook } from './row-recipe.js';
import { Utf8Check } from './utf8-check.js';

/** How a file of separated values is read. */
export interface CsvOptions {
  /** What separates values; `undefined` for a tab in `.tsv`, else what separates the names of the columns. */
  readonly delimiter: string | undefined;
  /** Names of the columns, for a file whose first line has none. */
  readonly columns: readonly string[] | undefined;
  /** Whether `12` stays a text. */
  readonly asStrings: boolean;
}

/** Most bytes of a record. Only a quote that is never closed makes one larger. */
const LONGEST_RECORD = 16 * 1024 * 1024;

const DELIMITERS: readonly string[] = [',', ';', '\t', '|'];

/** A row for each record of a file of separated values. */
export async function* readCsvRows(
  file: InputFile,
  cook: RowCook,
  options: CsvOptions,
): AsyncGenerator<FoundBatch, void, undefined> {
  const name = inputName(file.path);
  let position = 0;
  const bytes = readBytes(file.path, (count) => {
    position += count;
  });
  const check = new Utf8Check();
  const records = new RecordTaker(name, cook, options, check);
  let parser: ReturnType<typeof parse> | undefined;
  for await (const chunk of bytes) {
    check.add(chunk);
    if (parser === undefined) {
      parser = records.parser(options.delimiter ?? likelyDelimiter(file.path, chunk));
      parser.on('error', (error) => records.fail(error));
      // Records are taken as they are found, in order with what is wrong between them; the stream itself stays empty.
      parser.resume();
    }
    if (!parser.write(chunk)) await once(parser, 'drain');
    yield { ...records.taken(), position };
  }
  if (parser === undefined) return;
  check.end();
  const ended = once(parser, 'end');
  parser.end();
  await ended;
  yield { ...records.taken(), position };
}

class RecordTaker {
  readonly #name: string;
  readonly #cook: RowCook;
  readonly #options: CsvOptions;
  readonly #check: Utf8Check;
  #columns: readonly string[] | undefined;
  #found: Found[] = [];
  #empty = 0;
  /** Line on which the next record begins, were there no empty lines. */
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
      // A quote in the middle of a value stays what it is; to end the file there would lose the rest.
      relax_quotes: true,
      relax_column_count: true,
      skip_records_with_error: true,
      max_record_size: LONGEST_RECORD,
      on_record: (record: readonly string[], { empty_lines }) => {
        // The parser's own count of lines takes a CRLF inside quotes for two.
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
   * What has been found since the last call.
   *
   * @throws FailureError where the rest of the file is of no use
   */
  taken(): { readonly found: readonly Found[]; readonly empty: number } {
    if (this.#failure !== undefined) throw this.#failure;
    const result = { found: this.#found, empty: this.#empty };
    this.#found = [];
    this.#empty = 0;
    return result;
  }

  /** What is thrown from within the parser ends up anywhere; it is kept for {@link RecordTaker.taken}. */
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
      const reason = `expected ${columns.length} values, one for each column; found ${values.length}`;
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
      `${this.#name}: two columns are called ${JSON.stringify(excerpt(twice, 40))}; rename one`,
    );
  }

  #skip(error: CsvError | undefined, first: number): void {
    if (error?.code === 'CSV_MAX_RECORD_SIZE') {
      this.#failure ??= new FailureError(
        `${this.#name}:${first}: the record is longer than 16 MiB; is a quote opened there that is never closed?`,
      );
      return;
    }
    const reason =
      error?.code === 'CSV_QUOTE_NOT_CLOSED'
        ? 'a quote is opened here and never closed; all that follows is inside it'
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

/** The separator that the first line has most of. */
function likelyDelimiter(path: string, start: Uint8Array): string {
  if (/\.tsv(\.gz)?$/i.test(path)) return '\t';
  const head = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, 65_536)).toString('utf8');
  const line = /^[^\r\n]*/.exec(head.replace(/"[^"]*"/g, ''))![0];
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length - 1);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

/** Numbers as a program writes them; `007`, `1.50` and `1e5` stay texts, since they may be codes. */
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d{0,14}[1-9])?$/;

/** Gives numbers and truth values the types by which filters compare, and drops values that are not there. */
function typeValues(row: Record<string, unknown>): void {
  for (const name in row) {
    if (name === 'text' || name === 'id') continue;
    const value = row[name];
    if (value === '') row[name] = undefined;
    else if (value === 'true' || value === 'false') row[name] = value === 'true';
    else if (typeof value === 'string' && PLAIN_NUMBER.test(value)) row[name] = Number(value);
  }
}
