import type { CsvOptions } from './csv-rows.js';
import type { FoundBatch } from './found-row.js';
import type { InputFile } from './input-file.js';
import { RowCook, type RowRecipe } from './row-recipe.js';

/** How the files of a call are read. */
export interface ReadingOptions extends RowRecipe, CsvOptions {
  /** Most UTF-16 units of a Markdown chunk. */
  readonly chunkSize: number;
}

/** Reads the rows of a file by its kind; what a kind needs is loaded when it comes up. */
export async function* readRows(
  file: InputFile,
  options: ReadingOptions,
): AsyncGenerator<FoundBatch, void, undefined> {
  switch (file.format) {
    case 'text':
      return yield* (await import('./text-rows.js')).readTextRows(file);
    case 'jsonl':
      return yield* (await import('./jsonl-rows.js')).readJsonlRows(file, new RowCook(options));
    case 'csv':
      return yield* (await import('./csv-rows.js')).readCsvRows(file, new RowCook(options), options);
    case 'parquet':
      return yield* (await import('./parquet-rows.js')).readParquetRows(
        file,
        new RowCook(options),
        columnsOf(options),
      );
    case 'markdown':
      return yield* (await import('./markdown-rows.js')).readMarkdownRows(file, options.chunkSize);
  }
}

/** Columns that can matter, where fields are named. */
function columnsOf({ textField, idField, fields }: RowRecipe): readonly string[] | undefined {
  if (fields === undefined) return undefined;
  return [textField ?? 'text', idField ?? 'id', ...fields];
}
