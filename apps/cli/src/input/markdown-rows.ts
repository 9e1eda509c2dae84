import { isUtf8 } from 'node:buffer';
import { FailureError } from '../terminal/cli-error.js';
import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import type { OpenInput } from './input-bytes.js';
import { inputName } from './input-file.js';
import { markdownChunks } from './markdown-chunks.js';

/** Most bytes of a document, because it is parsed as a whole. */
const LARGEST = 32 * 1024 * 1024;

/** Yields a row per chunk of a Markdown document, with its file, headings and lines. */
export async function* readMarkdownRows(
  { path, bytes: input, position }: Exclude<OpenInput, { format: 'parquet' }>,
  chunkSize: number,
): AsyncGenerator<FoundBatch, void, undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of input) {
    size += part.length;
    if (size > LARGEST) {
      throw new FailureError(
        `${inputName(path)}: a Markdown document may have ${LARGEST / 1024 / 1024} MiB; split it, or pass --input-format text`,
      );
    }
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const isSuspect = !isUtf8(bytes);
  const source = bytes.toString('utf8').replace(/^\ufeff/, '');
  const found = markdownChunks(source, chunkSize).map(({ text, headings, line, endLine }): Found => {
    if (isSuspect && text.includes('\ufffd')) return { line, reason: NOT_UTF8 };
    return { line, row: { text, source: path, headings, line, end_line: endLine } };
  });
  yield { found, empty: 0, position: position() };
}
