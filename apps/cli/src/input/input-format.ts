import { extname } from 'node:path';

/** Formats that the reader understands. */
export type InputFormat = 'text' | 'jsonl' | 'csv' | 'parquet' | 'markdown';

/** All formats, in the order in which help lists them. */
export const INPUT_FORMATS: readonly InputFormat[] = ['text', 'jsonl', 'csv', 'parquet', 'markdown'];

/** Formats whose records have named fields. */
export const RECORD_FORMATS: ReadonlySet<InputFormat> = new Set(['jsonl', 'csv', 'parquet']);

const FORMATS: ReadonlyMap<string, InputFormat> = new Map([
  ['.txt', 'text'],
  ['.text', 'text'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.parquet', 'parquet'],
  ['.md', 'markdown'],
  ['.markdown', 'markdown'],
]);

/** Suffixes of files that people try, with the way to convert them. */
const CONVERSIONS: ReadonlyMap<string, string> = new Map([
  ['.json', 'make it JSON Lines, with jq -c ".[]" for example, or pass --input-format jsonl if it is'],
  ['.zst', 'unpack it first, or pipe it: zstd -dc FILE'],
  ['.bz2', 'unpack it first, or pipe it: bzip2 -dc FILE'],
  ['.xz', 'unpack it first, or pipe it: xz -dc FILE'],
  ['.zip', 'unpack it first'],
  ['.xlsx', 'export it as CSV'],
  ['.xls', 'export it as CSV'],
  ['.ods', 'export it as CSV'],
  ['.pdf', 'convert it to text first, with pdftotext for example'],
  ['.docx', 'convert it to Markdown first, with pandoc for example'],
  ['.odt', 'convert it to Markdown first, with pandoc for example'],
  ['.epub', 'convert it to Markdown first, with pandoc for example'],
  ['.html', 'convert it to Markdown first, with pandoc for example'],
  ['.htm', 'convert it to Markdown first, with pandoc for example'],
]);

/** The format that a file's name announces; `.gz` after it is ignored. `undefined` if the suffix is unknown. */
export function formatOfName(path: string): InputFormat | undefined {
  return FORMATS.get(suffixOf(path));
}

/** How to convert an unsupported file, if its name is in the list. */
export function conversionOf(path: string): string | undefined {
  return CONVERSIONS.get(suffixOf(path));
}

/** The suffix that decides, in lower case: `.csv` of `a.CSV.gz`; empty without one. */
export function suffixOf(path: string): string {
  return extname(path.replace(/\.gz$/i, '')).toLowerCase();
}

/** Suffixes that announce a format, or any format. */
export function suffixesOf(format: InputFormat | undefined): readonly string[] {
  return [...FORMATS].filter(([, each]) => format === undefined || each === format).map(([suffix]) => suffix);
}
