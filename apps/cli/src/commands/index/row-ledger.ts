import { contentId, type Key, type TextRow } from '@model2vec-ts/milvus-adapter';
import type { Reject } from '../../output/reject-log.js';

/** A place in the input: the number of completed files, and of findings in the next file. */
export interface InputPlace {
  readonly file: number;
  readonly found: number;
}

/** Rows that are settled: stored or failed. */
export interface Settled {
  readonly place: InputPlace;
  /** Bytes of the whole input up to that place. */
  readonly position: number;
  /** In the order of the input. */
  readonly rejects: readonly Reject[];
  /** Ids of some stored rows. */
  readonly samples: readonly Key[];
}

interface Segment {
  readonly file: number;
  /** Number of its first row among those that were sent. */
  readonly start: number;
  readonly lines: number[];
  readonly rejects: Reject[];
  found: number;
  end: InputPlace;
  position: number;
  last: TextRow | undefined;
  lastFailed: boolean;
}

/** Findings per segment, which an interruption may repeat. */
const SEGMENT = 256;

/**
 * Tracks rows between reading and storing. It remembers the place of each row on its way, so that a failure can name it
 * and an interrupted run can continue.
 */
export class RowLedger {
  readonly #segments: Segment[] = [];
  #sent = 0;
  #found = 0;
  #file = 0;

  /** Begins a file whose first findings are skipped. */
  beginFile(file: number, passedOver: number): void {
    this.#close();
    this.#file = file;
    this.#found = passedOver;
  }

  /** Adds a row that is sent. */
  send(line: number, row: TextRow, position: number): void {
    const segment = this.#open(position);
    segment.lines.push(line);
    segment.last = row;
    segment.lastFailed = false;
    this.#sent++;
    this.#count(segment);
  }

  /** Adds a finding that is not sent: a problem, an unchanged row, or a row of another shard. */
  passOver(position: number, reject?: Omit<Reject, 'file'>): void {
    const segment = this.#open(position);
    if (reject !== undefined) segment.rejects.push({ file: this.#file, ...reject });
    this.#count(segment);
  }

  /** Ends the file. */
  endFile(position: number): void {
    const segment = this.#open(position);
    segment.end = { file: this.#file + 1, found: 0 };
    segment.found = SEGMENT;
  }

  /** Records the failure of a row by its number among the sent rows. */
  fail(index: number, reject: Omit<Reject, 'file' | 'line'>): void {
    const segment = this.#segments.findLast(({ start }) => start <= index);
    const line = segment?.lines[index - segment.start];
    if (segment === undefined || line === undefined) return;
    segment.rejects.push({ file: segment.file, line, ...reject });
    if (index === segment.start + segment.lines.length - 1) segment.lastFailed = true;
  }

  /** Removes and returns what is settled once the first `complete` sent rows are. */
  settle(complete: number): Settled | undefined {
    const rejects: Reject[] = [];
    const samples: Key[] = [];
    let last: Segment | undefined;
    for (;;) {
      const [segment] = this.#segments;
      if (segment === undefined || segment.found < SEGMENT) break;
      if (segment.start + segment.lines.length > complete) break;
      this.#segments.shift();
      last = segment;
      segment.rejects.sort((a, b) => a.line - b.line);
      for (const reject of segment.rejects) rejects.push(reject);
      if (segment.last !== undefined && !segment.lastFailed) samples.push(keyOf(segment.last));
    }
    if (last === undefined) return undefined;
    return { place: last.end, position: last.position, rejects, samples };
  }

  /** Closes the last segment at the end of the input. */
  finish(): void {
    this.#close();
  }

  #close(): void {
    const last = this.#segments.at(-1);
    if (last !== undefined) last.found = SEGMENT;
  }

  #open(position: number): Segment {
    let segment = this.#segments.at(-1);
    if (segment === undefined || segment.found >= SEGMENT || segment.file !== this.#file) {
      segment = {
        file: this.#file,
        start: this.#sent,
        lines: [],
        rejects: [],
        found: 0,
        end: { file: this.#file, found: this.#found },
        position,
        last: undefined,
        lastFailed: false,
      };
      this.#segments.push(segment);
    }
    segment.position = position;
    return segment;
  }

  #count(segment: Segment): void {
    segment.found++;
    this.#found++;
    segment.end = { file: this.#file, found: this.#found };
  }
}

/** Returns the id under which a row is stored. */
export function keyOf(row: TextRow): Key {
  return row.id ?? contentId(row.text);
}
