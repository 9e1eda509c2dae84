import { type Found, type FoundBatch, NOT_UTF8 } from './found-row.js';
import { type InputFile, inputName, readBytes } from './input-file.js';
import { readLines } from './line-reader.js';
import { isBlank } from './row-recipe.js';

/** Most bytes of a line, with all its fields: far more than a Milvus row may have. */
const LONGEST_LINE = 16 * 1024 * 1024;

const TOO_LONG = `the line is longer than ${LONGEST_LINE / 1024 / 1024} MiB; split it into lines`;

/** Lines of a file, each with its number and what is wrong with it. */
export interface NumberedLines {
  readonly lines: readonly string[];
  /** Number of the first of them, from 1. */
  readonly first: number;
  /** Bytes of the file that have been read. */
  readonly position: number;
  /** Why lines are of no use, by their numbers. */
  readonly problems: ReadonlyMap<number, string>;
}

/** Reads lines; each that is too long or not UTF-8 is told of, and the others come through. */
export async function* readNumberedLines(file: InputFile): AsyncGenerator<NumberedLines, void, undefined> {
  const problems = new Map<number, string>();
  let position = 0;
  let first = 1;
  const bytes = readBytes(file.path, (count) => {
    position += count;
  });
  const lines = readLines(bytes, inputName(file.path), {
    longest: LONGEST_LINE,
    onTooLong: (line) => problems.set(line, TOO_LONG),
    onInvalid: (line) => problems.set(line, NOT_UTF8),
  });
  for await (const some of lines) {
    yield { lines: some, first, position, problems };
    problems.clear();
    first += some.length;
  }
}

/** A row for each line of a text; blank lines are none. */
export async function* readTextRows(file: InputFile): AsyncGenerator<FoundBatch, void, undefined> {
  for await (const { lines, first, position, problems } of readNumberedLines(file)) {
    const found: Found[] = [];
    let empty = 0;
    for (let i = 0; i < lines.length; i++) {
      const line = first + i;
      const text = lines[i]!;
      const reason = problems.get(line);
      if (reason !== undefined) found.push({ line, reason });
      else if (isBlank(text)) empty++;
      else found.push({ line, row: { text } });
    }
    yield { found, empty, position };
  }
}
