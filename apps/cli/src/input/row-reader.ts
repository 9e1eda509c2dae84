import type { CsvOptions } from './csv-rows.js';
import type { FoundBatch } from './found-row.js';
import { DEFAULT_TEXT_FIELD, type InputOptions, openInput } from './input-bytes.js';
import type { InputFile } from './input-file.js';
import { RowCook, type RowRecipe } from './row-recipe.js';

/** How files are read. */
export interface ReadingOptions extends InputOptions, RowRecipe, CsvOptions {
  /** Most UTF-16 units of a Markdown chunk. */
  readonly chunkSize: number;
  /** Most bytes of a line. */
  readonly longestLine: number;
}

/** Default characters per Markdown chunk: about 200 words. */
export const DEFAULT_CHUNK_SIZE = 1200;

/** Reads all fields of all rows, without the empty ones. */
export const ROW_READING: ReadingOptions = {
  textField: undefined,
  encoding: undefined,
  refusesPlainText: false,
  onNotice: undefined,
  idField: undefined,
  idType: 'varchar',
  fields: undefined,
  keepsBlank: false,
  delimiter: undefined,
  columns: undefined,
  asStrings: false,
  chunkSize: DEFAULT_CHUNK_SIZE,
  // Far more than a Milvus row can have.
  longestLine: 16 * 1024 * 1024,
};

/** Reads the rows of a file in any format, and loads only the code that its format needs. */
export async function* readRows(
  file: InputFile,
  options: ReadingOptions,
): AsyncGenerator<FoundBatch, void, undefined> {
  const input = await openInput(file, options);
  switch (input.format) {
    case 'text':
      return yield* (await import('./text-rows.js')).readTextRows(input, options);
    case 'jsonl':
      return yield* (await import('./jsonl-rows.js')).readJsonlRows(
        input,
        new RowCook(options),
        options.longestLine,
      );
    case 'csv':
      return yield* (await import('./csv-rows.js')).readCsvRows(input, new RowCook(options), options);
    case 'parquet':
      return yield* (await import('./parquet-rows.js')).readParquetRows(input.path, new RowCook(options), {
        columns: columnsOf(options),
        required: [options.textField ?? DEFAULT_TEXT_FIELD, ...(options.idField ? [options.idField] : [])],
        onNotice: options.onNotice,
      });
    case 'markdown':
      return yield* (await import('./markdown-rows.js')).readMarkdownRows(input, options.chunkSize);
  }
}

/** Columns to decode if the fields are named; `undefined` for all. */
function columnsOf({ textField, idField, fields }: RowRecipe): readonly string[] | undefined {
  if (fields === undefined) return undefined;
  return [textField ?? DEFAULT_TEXT_FIELD, idField ?? 'id', ...fields];
}
