import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Key } from '@model2vec-ts/milvus-adapter';
import { type InputFile, STANDARD_INPUT } from '../../input/input-file.js';
import { fileError, isFullDisk } from '../../terminal/file-error.js';
import { stateFolder } from '../../user-folders.js';
import type { InputPlace, Settled } from './row-ledger.js';

/** How far a run has come; all rows up to that place are stored or failed. */
export interface JournalEntry {
  readonly place: InputPlace;
  /** Bytes of the whole input up to that place. */
  readonly position: number;
  /** Failed rows up to that place. */
  readonly rejected: number;
  /** Length of the file of failed rows at that point. */
  readonly rejectsBytes: number;
  /** Ids of stored rows, which are looked up before the entry is used. */
  readonly samples: readonly string[];
}

/** Identifies runs that continue each other. */
export interface RunIdentity {
  readonly files: readonly InputFile[];
  /** Every setting that affects the rows or their destination. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Version of the format of an entry. */
const FORM = 1;

/** Milliseconds between writes; `kill -9` repeats at most the work of this time. */
const INTERVAL = 250;

/** Numbers of ids kept from the whole run, and from its last rows. */
const SPREAD_SAMPLES = 64;
const LAST_SAMPLES = 16;

/**
 * Records the progress of a run in a file that is complete at every moment. It only saves work: rows are stored under
 * their ids, so that a run without it ends with the same collection.
 */
export class ResumeJournal {
  readonly #path: string;
  readonly #onFull: (error: Error) => void;
  readonly #spread: string[] = [];
  #last: string[] = [];
  #stride = 1;
  #seen = 0;
  #rejected = 0;
  #written = 0;
  #entry: JournalEntry | undefined;
  #isFull = false;

  /**
   * Returns the journal of a run; `undefined` for a pipe, because it cannot be read again.
   *
   * @param onFull - called once if the disk is full; the run goes on, and the file keeps its last entry
   */
  static of(
    identity: RunIdentity,
    folder: string | undefined,
    onFull: (error: Error) => void,
  ): ResumeJournal | undefined {
    if (identity.files.some(({ path, size }) => path === STANDARD_INPUT || size === undefined))
      return undefined;
    const key = JSON.stringify([
      FORM,
      identity.files.map(({ path, format, size, changed }) => [resolve(path), format, size, changed]),
      identity.settings,
    ]);
    const name = `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`;
    return new ResumeJournal(join(folder ?? stateFolder('index'), name), onFull);
  }

  private constructor(path: string, onFull: (error: Error) => void) {
    this.#path = path;
    this.#onFull = onFull;
  }

  /** Returns the entry of an earlier run; `undefined` if it is missing or damaged. */
  read(): JournalEntry | undefined {
    let found: unknown;
    try {
      found = JSON.parse(readFileSync(this.#path, 'utf8'));
    } catch {
      return undefined;
    }
    const entry = parseEntry(found);
    if (entry === undefined) return undefined;
    this.#entry = entry;
    this.#rejected = entry.rejected;
    for (const id of entry.samples) this.#sample(id);
    return entry;
  }

  /** Records settled rows. */
  note(settled: Settled, rejectsBytes: number): void {
    this.#rejected += settled.rejects.length;
    for (const id of settled.samples) this.#sample(String(id));
    this.#entry = {
      place: settled.place,
      position: settled.position,
      rejected: this.#rejected,
      rejectsBytes,
      samples: [],
    };
    if (performance.now() - this.#written >= INTERVAL) this.write();
  }

  /** Writes the last record to the file, unless the disk was full before. */
  write(): void {
    if (this.#entry === undefined || this.#isFull) return;
    const entry = { form: FORM, ...this.#entry, samples: [...this.#spread, ...this.#last] };
    const draft = `${this.#path}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      mkdirSync(join(this.#path, '..'), { recursive: true });
      writeFileSync(draft, JSON.stringify(entry));
      renameSync(draft, this.#path);
    } catch (cause) {
      rmSync(draft, { force: true });
      const error = fileError('write', this.#path, cause);
      if (!isFullDisk(cause)) throw error;
      this.#isFull = true;
      this.#onFull(error);
    }
    this.#written = performance.now();
  }

  /** Removes the entry of a run that is complete, or that cannot be continued. */
  remove(): void {
    rmSync(this.#path, { force: true });
    this.#entry = undefined;
    this.#rejected = 0;
    this.#spread.length = 0;
    this.#last = [];
  }

  #sample(id: string): void {
    this.#last.push(id);
    if (this.#last.length > LAST_SAMPLES) this.#last.shift();
    if (this.#seen++ % this.#stride !== 0) return;
    this.#spread.push(id);
    if (this.#spread.length <= SPREAD_SAMPLES) return;
    // Drops every other id, so that the rest is spread over the whole run.
    this.#stride *= 2;
    for (let i = 0; i < this.#spread.length; i++) this.#spread.splice(i + 1, 1);
  }
}

/** Converts an id from the journal to the type of the collection's key. */
export function keyFromText(id: string, type: 'varchar' | 'int64'): Key {
  if (type === 'varchar') return id;
  const number = Number(id);
  return Number.isSafeInteger(number) ? number : BigInt(id);
}

function parseEntry(found: unknown): JournalEntry | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { form, place, position, rejected, rejectsBytes, samples } = found as Record<string, unknown>;
  if (form !== FORM || typeof place !== 'object' || place === null || !Array.isArray(samples))
    return undefined;
  const { file, found: passed } = place as Record<string, unknown>;
  const numbers = [file, passed, position, rejected, rejectsBytes];
  if (!numbers.every((number) => Number.isSafeInteger(number) && (number as number) >= 0)) return undefined;
  if (!samples.every((id) => typeof id === 'string')) return undefined;
  return {
    place: { file: file as number, found: passed as number },
    position: position as number,
    rejected: rejected as number,
    rejectsBytes: rejectsBytes as number,
    samples,
  };
}
