import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { isProblem } from '../input/found-row.js';
import type { InputFormat } from '../input/input-format.js';
import { ROW_READING, readRows } from '../input/row-reader.js';
import { reasonOf, type SkippedPath, type WalkedFile } from './folder-walk.js';
import { codePassages, isListOfTexts, linePerPassage } from './line-passages.js';
import { markdownPassages } from './markdown-passages.js';
import type { Passage } from './passage.js';

/** Largest file, because files are read whole. */
const LARGEST = 32 * 1024 * 1024;
/** Bytes within which a binary file contains a zero. */
const BINARY_START = 8000;

const MARKDOWN: ReadonlySet<string> = new Set(['.md', '.markdown', '.mdx']);
const PLAIN_TEXT: ReadonlySet<string> = new Set(['.txt', '.text', '.log', '']);
const TABLES: ReadonlyMap<string, InputFormat> = new Map([
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.parquet', 'parquet'],
]);

/**
 * Reads a file as passages of at most `size` characters, according to its kind. Binary files have none.
 *
 * @returns `undefined` if the file is skipped
 */
export async function readPassages(
  file: WalkedFile,
  size: number,
  onSkipped: (skipped: SkippedPath) => void,
): Promise<readonly Passage[] | undefined> {
  const skip = (reason: string): undefined => onSkipped({ path: file.path, reason }) as undefined;
  if (file.size > LARGEST) return skip(`it has ${Math.round(file.size / 2 ** 20)} MiB; the limit is 32 MiB`);
  try {
    return await filePassages(file, size);
  } catch (error) {
    return skip(reasonOf(error));
  }
}

async function filePassages(file: WalkedFile, size: number): Promise<readonly Passage[]> {
  const extension = extname(file.path).toLowerCase();
  const format = TABLES.get(extension);
  if (format !== undefined) return await rowPassages(file, format, size);
  const bytes = readFileSync(file.path);
  if (bytes.subarray(0, BINARY_START).includes(0)) return [];
  const source = bytes.toString('utf8').replace(/^\ufeff/, '');
  if (MARKDOWN.has(extension)) return markdownPassages(source, size);
  const isList = PLAIN_TEXT.has(extension) && isListOfTexts(source);
  return isList ? linePerPassage(source, size) : codePassages(source, size);
}

/** The rows of a table, read like `m2v index` does; rows without text are skipped. */
async function rowPassages(file: WalkedFile, format: InputFormat, chunkSize: number): Promise<Passage[]> {
  const passages: Passage[] = [];
  const input = { path: file.path, format, isNamed: false, size: file.size, changed: file.modified };
  const options = { ...ROW_READING, chunkSize };
  for await (const { found } of readRows(input, options)) {
    for (const each of found) {
      if (isProblem(each)) continue;
      passages.push({ text: each.row.text, headings: [], line: each.line, endLine: each.line });
    }
  }
  return passages;
}
