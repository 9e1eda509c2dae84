import { isUtf8 } from 'node:buffer';
import { FailureError } from '../terminal/cli-error.js';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

/** Longest line in bytes: below V8's longest string, and it bounds what a file without line ends can take. */
const LONGEST_LINE = 256 * 1024 * 1024;

/** Who wants to hear of lines that are no good, instead of an error or U+FFFD. */
export interface LineJudge {
  /** Most bytes of a line; more than one read has. */
  readonly longest: number;
  /** Told the number of a longer line, from 1, before the empty line that stands for it is yielded. */
  onTooLong(line: number): void;
  /** Told the number of a line with bytes that are not UTF-8, before it is yielded. */
  onInvalid(line: number): void;
}

/**
 * Splits UTF-8 bytes into lines and yields them as they become whole, those of one read together.
 *
 * Only `\n` and `\r\n` end a line, so that a text keeps its U+2028, U+0085 and lone `\r`. The last line needs no end;
 * an end at the very end of the input opens no further line. A byte order mark at the start is dropped, and bytes that
 * are not UTF-8 become U+FFFD.
 *
 * @param name what to call the input in an error
 * @param judge told of lines that are no good, and the others come through
 * @throws FailureError where a line is longer than 256 MiB and there is no judge
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
  judge?: LineJudge,
): AsyncGenerator<string[], void, undefined> {
  const longest = judge?.longest ?? LONGEST_LINE;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let lines = 0;
  let passingOver = false;

  const take = (tail: Uint8Array): string => {
    const bytes = pending.length === 0 ? tail : Buffer.concat([...pending, tail]);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    if (judge !== undefined && !isUtf8(bytes)) findInvalid(bytes, lines, judge);
    pending = [];
    pendingBytes = 0;
    return lines === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  };

  for await (const read of chunks) {
    let chunk = read;
    let first = chunk.indexOf(LINE_FEED);
    if (!passingOver && pendingBytes + (first < 0 ? chunk.length : first) > longest) {
      if (judge === undefined) {
        throw new FailureError(`${name}:${lines + 1}: the line is longer than 256 MiB; split it into lines`);
      }
      judge.onTooLong(lines + 1);
      passingOver = true;
      pending = [];
      pendingBytes = 0;
    }
    if (passingOver) {
      if (first < 0) continue;
      passingOver = false;
      lines++;
      yield [''];
      chunk = chunk.subarray(first + 1);
      first = chunk.indexOf(LINE_FEED);
    }
    const end = first < 0 ? -1 : chunk.lastIndexOf(LINE_FEED);
    if (end >= 0) {
      const whole = take(chunk.subarray(0, end)).split('\n');
      for (let i = 0; i < whole.length; i++) {
        const line = whole[i]!;
        if (line.endsWith('\r')) whole[i] = line.slice(0, -1);
      }
      lines += whole.length;
      yield whole;
    }
    if (end + 1 < chunk.length) {
      const rest = chunk.subarray(end + 1);
      pending.push(rest);
      pendingBytes += rest.length;
    }
  }
  if (passingOver) yield [''];
  if (pendingBytes > 0) {
    const last = take(new Uint8Array());
    // A byte order mark on its own is an empty file, not an empty text.
    if (last !== '' || lines > 0) yield [last];
  }
}

/** Finds the lines of a block that hold bytes which are not UTF-8. */
function findInvalid(bytes: Uint8Array, before: number, judge: LineJudge): void {
  let line = before;
  for (let start = 0; start <= bytes.length; ) {
    line++;
    const found = bytes.indexOf(LINE_FEED, start);
    const end = found < 0 ? bytes.length : found;
    if (!isUtf8(bytes.subarray(start, end))) judge.onInvalid(line);
    start = end + 1;
  }
}
