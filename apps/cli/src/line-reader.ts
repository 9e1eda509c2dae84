import { FailureError } from './cli-error.js';

const LINE_FEED = 0x0a;
const BYTE_ORDER_MARK = '\ufeff';

/** Longest line in bytes: below V8's longest string, and it bounds what a file without line ends can take. */
const LONGEST_LINE = 256 * 1024 * 1024;

/**
 * Splits UTF-8 bytes into lines and yields them as they become whole, those of one read together.
 *
 * Only `\n` and `\r\n` end a line, so that a text keeps its U+2028, U+0085 and lone `\r`. The last line needs no end;
 * an end at the very end of the input opens no further line. A byte order mark at the start is dropped, and bytes that
 * are not UTF-8 become U+FFFD.
 *
 * @param name what to call the input in an error
 * @throws FailureError where a line is longer than 256 MiB
 */
export async function* readLines(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<string[], void, undefined> {
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let lines = 0;

  const take = (tail: Uint8Array): string => {
    const bytes = pending.length === 0 ? tail : Buffer.concat([...pending, tail]);
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    pending = [];
    pendingBytes = 0;
    return lines === 0 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  };

  for await (const chunk of chunks) {
    const first = chunk.indexOf(LINE_FEED);
    if (pendingBytes + (first < 0 ? chunk.length : first) > LONGEST_LINE) {
      throw new FailureError(`${name}:${lines + 1}: the line is longer than 256 MiB; split it into lines`);
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
  if (pendingBytes > 0) {
    const last = take(new Uint8Array());
    // A byte order mark on its own is an empty file, not an empty text.
    if (last !== '' || lines > 0) yield [last];
  }
}
