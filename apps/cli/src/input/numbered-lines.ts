import { NOT_UTF8 } from './found-row.js';
import { readLines } from './line-reader.js';

/** Lines of a file with numbers and problems. */
interface NumberedLines {
  readonly lines: readonly string[];
  /** Number of the first line, from 1. */
  readonly first: number;
  /** Why lines cannot be used, by line number. */
  readonly problems: ReadonlyMap<number, string>;
}

/** Reads lines. A line that is too long or invalid UTF-8 is reported as a problem; the others are yielded. */
export async function* readNumberedLines(
  bytes: AsyncIterable<Uint8Array>,
  longest: number,
): AsyncGenerator<NumberedLines, void, undefined> {
  const problems = new Map<number, string>();
  let first = 1;
  const lines = readLines(bytes, {
    longest,
    onTooLong: (line) => {
      problems.set(line, `the line is longer than ${longest / 1024 / 1024} MiB; split it into lines`);
    },
    onInvalid: (line) => {
      problems.set(line, NOT_UTF8);
    },
  });
  for await (const some of lines) {
    yield { lines: some, first, problems };
    problems.clear();
    first += some.length;
  }
}
