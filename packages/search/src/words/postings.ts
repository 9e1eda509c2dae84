/**
 * Packed occurrences of terms in rows: per term the rows in ascending order, each as the distance to the previous row
 * and the number of occurrences, in base 128, low digits first. About two bytes per occurrence.
 */
export interface Postings {
  /** Term t owns bytes starts[t] to starts[t + 1]. */
  readonly starts: Uint32Array;
  readonly bytes: Uint8Array;
  /** Row of each term's last posting. */
  readonly lastRows: Uint32Array;
  /** Rows below this number are in the postings. */
  readonly rows: number;
}

/** Rows that are not in the postings yet: row i owns pairs of term and count, pairs[starts[i]] to pairs[starts[i + 1]]. */
export interface PendingRows {
  readonly starts: Uint32Array;
  readonly pairs: Uint32Array;
  readonly count: number;
}

export const NO_POSTINGS: Postings = {
  starts: Uint32Array.of(0),
  bytes: new Uint8Array(0),
  lastRows: new Uint32Array(0),
  rows: 0,
};

/** Appends the pending rows to postings. Two passes: sizes, then bytes; linear in both. */
export function mergedPostings(postings: Postings, pending: PendingRows, terms: number): Postings {
  const known = postings.lastRows.length;
  const sizes = new Uint32Array(terms);
  const lastRows = new Uint32Array(terms);
  lastRows.set(postings.lastRows);
  for (let i = 0, row = postings.rows; i < pending.count; i++, row++) {
    for (let at = pending.starts[i]!; at < pending.starts[i + 1]!; at += 2) {
      const term = pending.pairs[at]!;
      sizes[term]! += digits(row - lastRows[term]!) + digits(pending.pairs[at + 1]!);
      lastRows[term] = row;
    }
  }
  const starts = new Uint32Array(terms + 1);
  for (let term = 0; term < terms; term++) {
    const old = term < known ? postings.starts[term + 1]! - postings.starts[term]! : 0;
    starts[term + 1] = starts[term]! + old + sizes[term]!;
  }
  const bytes = new Uint8Array(starts[terms]!);
  const ends = starts.slice(0, terms);
  lastRows.fill(0);
  lastRows.set(postings.lastRows);
  for (let term = 0; term < known; term++) {
    const from = postings.starts[term]!;
    const to = postings.starts[term + 1]!;
    // A loop for the many short ones, because each subarray is an allocation.
    if (to - from < 32)
      for (let at = from, into = starts[term]!; at < to; ) bytes[into++] = postings.bytes[at++]!;
    else bytes.set(postings.bytes.subarray(from, to), starts[term]!);
    ends[term]! += to - from;
  }
  for (let i = 0, row = postings.rows; i < pending.count; i++, row++) {
    for (let at = pending.starts[i]!; at < pending.starts[i + 1]!; at += 2) {
      const term = pending.pairs[at]!;
      const distance = write(bytes, ends[term]!, row - lastRows[term]!);
      ends[term] = write(bytes, distance, pending.pairs[at + 1]!);
      lastRows[term] = row;
    }
  }
  return { starts, bytes, lastRows, rows: postings.rows + pending.count };
}

function digits(value: number): number {
  let count = 1;
  for (; value >= 128; value >>>= 7) count++;
  return count;
}

function write(bytes: Uint8Array, at: number, value: number): number {
  for (; value >= 128; value >>>= 7) bytes[at++] = (value & 127) | 128;
  bytes[at++] = value;
  return at;
}
