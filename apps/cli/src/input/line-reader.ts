import { isUtf8 } from 'node:buffer';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

/** Receives unusable lines. */
export interface LineJudge {
  /** Most bytes of a line; more than one read. */
  readonly longest: number;
  /** Called with the number of a longer line, from 1, before an empty line is yielded instead. */
  onTooLong(line: number): void;
  /** Called with the number of a line that is not valid UTF-8, before the line is yielded. */
  onInvalid(line: number): void;
}

/**
 * Splits UTF-8 bytes into lines and yields those that each read completes.
 *
 * Only `\n` and `\r\n` end a line, so that texts keep U+2028, U+0085 and lone `\r`. The last line may lack its end. A
 * byte order mark at the start is dropped. Invalid UTF-8 becomes U+FFFD.
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  judge: LineJudge,
): AsyncGenerator<string[], void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let lines = 0;
  let isSkipping = false;

  const take = (tail: Uint8Array): string => {
    const bytes = pending.length === 0 ? tail : Buffer.concat([...pending, tail]);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    if (!isUtf8(bytes)) findInvalid(bytes, lines, judge);
    pending = [];
    pendingBytes = 0;
    return lines === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  };

  for await (const read of chunks) {
    let chunk = read;
    let first = chunk.indexOf(LINE_FEED);
    if (!isSkipping && pendingBytes + (first < 0 ? chunk.length : first) > judge.longest) {
      judge.onTooLong(lines + 1);
      isSkipping = true;
      pending = [];
      pendingBytes = 0;
    }
    if (isSkipping) {
      if (first < 0) continue;
      isSkipping = false;
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
  if (isSkipping) yield [''];
  if (pendingBytes > 0) {
    const last = take(new Uint8Array());
    // A lone byte order mark is an empty file, not an empty text.
    if (last !== '' || lines > 0) yield [last];
  }
}

/** Finds the lines of a block that are not valid UTF-8. */
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
