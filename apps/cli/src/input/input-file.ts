import { createReadStream } from 'node:fs';
import { FailureError } from '../terminal/cli-error.js';
import { fileError } from '../terminal/file-error.js';
import { STANDARD_INPUT } from './text-source.js';

/** What kinds of files `m2v index` reads. */
export type FileFormat = 'text' | 'jsonl' | 'csv' | 'parquet' | 'markdown';

/** Every kind, in the order in which they are listed to a reader. */
export const FILE_FORMATS: readonly FileFormat[] = ['text', 'jsonl', 'csv', 'parquet', 'markdown'];

/** A file to read. */
export interface InputFile {
  /** As the call names it, or below the folder that it names; `-` for standard input. */
  readonly path: string;
  readonly format: FileFormat;
  /** Bytes; `undefined` for a pipe. */
  readonly size: number | undefined;
  /** When it was changed last, in milliseconds; tells whether a file is the one of the last call. */
  readonly changed: number;
}

/** Bytes asked of a file at a time; smaller reads cost more calls, larger ones gain nothing. */
const READ_BYTES = 256 * 1024;

/** What an input is called where it is told. */
export function inputName(path: string): string {
  return path === STANDARD_INPUT ? 'standard input' : path;
}

/**
 * The bytes of a file, or of standard input.
 *
 * @param onRead - told how many bytes each read gives
 * @throws FailureError where it cannot be read, or is UTF-16
 */
export async function* readBytes(
  path: string,
  onRead: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stream =
    path === STANDARD_INPUT ? process.stdin : createReadStream(path, { highWaterMark: READ_BYTES });
  let isFirst = true;
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (isFirst) requireUtf8(chunk, path);
      isFirst = false;
      onRead(chunk.length);
      yield chunk;
    }
  } catch (cause) {
    throw cause instanceof FailureError ? cause : fileError('read', inputName(path), cause);
  }
}

/** Every line of such a file would be told to be wrong; what is wrong is the file. */
function requireUtf8(start: Uint8Array, path: string): void {
  const [first, second] = start;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const name = inputName(path);
  if (isUtf16) {
    throw new FailureError(`${name} is UTF-16; convert it with: iconv -f UTF-16 -t UTF-8 ${name}`);
  }
  if (start.subarray(0, 4096).includes(0)) {
    throw new FailureError(`${name} is a binary file; name its kind with --format, or leave it out`);
  }
}
