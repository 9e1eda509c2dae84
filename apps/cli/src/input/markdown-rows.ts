import { isUtf8 } from 'node:buffer';
import { FailureError } from '../terminal/cli-error.js';
import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import { type InputFile, inputName, readBytes } from './input-file.js';
import { markdownChunks } from './markdown-chunks.js';

/** Most bytes of a document, which is parsed as a whole. */
const LARGEST = 32 * 1024 * 1024;

/** A row for each chunk of a Markdown document, with its file, headings and lines. */
export async function* readMarkdownRows(
  file: InputFile,
  chunkSize: number,
): AsyncGenerator<FoundBatch, void, undefined> {
  const parts: Uint8Array[] = [];
  let position = 0;
  for await (const part of readBytes(file.path, (count) => {
    position += count;
  })) {
    if (position > LARGEST) {
      throw new FailureError(
        `${inputName(file.path)}: a Markdown document may have ${LARGEST / 1024 / 1024} MiB; split it, or give --format text`,
      );
    }
    parts.push(part);
  }
  const bytes = Buffer.concat(parts);
  const isSuspect = !isUtf8(bytes);
  const source = bytes.toString('utf8').replace(/^\ufeff/, '');
  const found = markdownChunks(source, chunkSize).map(({ text, headings, line, endLine }): Found => {
    if (isSuspect && text.includes('\ufffd')) return { line, reason: NOT_UTF8 };
    return { line, row: { text, source: file.path, headings, line, end_line: endLine } };
  });
  yield { found, empty: 0, position };
}
