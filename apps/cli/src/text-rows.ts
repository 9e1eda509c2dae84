import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import { type InputFile, inputName, readBytes } from './input-file.js';
import { readLines } from './line-reader.js';
import { holdsReplacement, isBlank } from './row-recipe.js';
import { Utf8Check } from './utf8-check.js';

/** Most bytes of a line, with all its fields: far more than a Milvus row may have. */
const LONGEST_LINE = 16 * 1024 * 1024;

/** Lines of a file, each with its number and what is wrong with it. */
export interface NumberedLines {
  readonly lines: readonly string[];
  /** Number of the first of them, from 1. */
  readonly first: number;
  /** Bytes of the file that have been read. */
  readonly position: number;
  /** Why a line is of no use, where it is. */
  problem(line: number, text: string): string | undefined;
}

/** Reads lines; each that is too long or not UTF-8 is told of, and the others come through. */
export async function* readNumberedLines(file: InputFile): AsyncGenerator<NumberedLines, void, undefined> {
  const check = new Utf8Check();
  const tooLong = new Set<number>();
  let position = 0;
  let first = 1;
  const bytes = readBytes(file.path, (count) => {
    position += count;
  });
  const lines = readLines(checked(bytes, check), inputName(file.path), {
    longest: LONGEST_LINE,
    onTooLong: (line) => tooLong.add(line),
  });
  const problem = (line: number, text: string): string | undefined => {
    if (tooLong.size > 0 && tooLong.delete(line)) {
      return `the line is longer than ${LONGEST_LINE / 1024 / 1024} MiB; split it into lines`;
    }
    return check.failed && holdsReplacement(text) ? NOT_UTF8 : undefined;
  };
  for await (const some of lines) {
    yield { lines: some, first, position, problem };
    first += some.length;
  }
}

async function* checked(
  chunks: AsyncIterable<Uint8Array>,
  check: Utf8Check,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    check.add(chunk);
    yield chunk;
  }
  check.end();
}

/** A row for each line of a text; blank lines are none. */
export async function* readTextRows(file: InputFile): AsyncGenerator<FoundBatch, void, undefined> {
  for await (const { lines, first, position, problem } of readNumberedLines(file)) {
    const found: Found[] = [];
    let empty = 0;
    for (let i = 0; i < lines.length; i++) {
      const line = first + i;
      const text = lines[i]!;
      const reason = problem(line, text);
      if (reason !== undefined) found.push({ line, reason });
      else if (isBlank(text)) empty++;
      else found.push({ line, row: { text } });
    }
    yield { found, empty, position };
  }
}
