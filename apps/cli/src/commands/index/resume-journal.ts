import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Key } from '@model2vec-ts/milvus-adapter';
import { type InputFile, STANDARD_INPUT } from '../../input/input-file.js';
import { fileError } from '../../terminal/file-error.js';
import type { InputPlace, Settled } from './row-ledger.js';

/** How far a run came, all of which is in the collection or known not to go in. */
export interface JournalEntry {
  readonly place: InputPlace;
  /** Bytes of the whole input up to there. */
  readonly position: number;
  /** Rows until there that did not go in. */
  readonly rejected: number;
  /** Length of the file of rejects at that point. */
  readonly rejectsBytes: number;
  /** Ids of rows that went in, of which a part is asked for before the entry is believed. */
  readonly samples: readonly string[];
}

/** What makes a run the continuation of another. */
export interface RunIdentity {
  readonly files: readonly InputFile[];
  /** Everything that decides which rows the files give, and where they go. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Version of the form in which an entry is stored. */
const FORM = 1;

/** Milliseconds between two writes: what `kill -9` may have done again. */
const INTERVAL = 250;

/** Ids that are kept of the rows from the beginning on, and of the last rows. */
const SPREAD_SAMPLES = 64;
const LAST_SAMPLES = 16;

/**
 * Notes how far a run has come, in a file that is whole at every moment. It only saves work: rows are stored under
 * their ids, so that a run without it ends with the same collection.
 */
export class ResumeJournal {
  readonly #path: string;
  readonly #spread: string[] = [];
  #last: string[] = [];
  #stride = 1;
  #seen = 0;
  #rejected = 0;
  #written = 0;
  #entry: JournalEntry | undefined;

  /** The journal of a run; `undefined` where a pipe is read, which cannot be read again. */
  static of(identity: RunIdentity, folder: string | undefined): ResumeJournal | undefined {
    if (identity.files.some(({ path, size }) => path === STANDARD_INPUT || size === undefined))
      return undefined;
    const key = JSON.stringify([
      FORM,
      identity.files.map(({ path, format, size, changed }) => [resolve(path), format, size, changed]),
      identity.settings,
    ]);
    const name = `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`;
    return new ResumeJournal(join(folder ?? stateFolder(), name));
  }

  private constructor(path: string) {
    this.#path = path;
  }

  /** What an earlier run has noted; nothing where there is none, or it is damaged. */
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

  /** Notes what has become settled. */
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

  /** Writes down what has been noted. */
  write(): void {
    if (this.#entry === undefined) return;
    const entry = { form: FORM, ...this.#entry, samples: [...this.#spread, ...this.#last] };
    const draft = `${this.#path}.${randomBytes(4).toString('hex')}.tmp`;
    try {
      mkdirSync(join(this.#path, '..'), { recursive: true });
      writeFileSync(draft, JSON.stringify(entry));
      renameSync(draft, this.#path);
    } catch (cause) {
      throw fileError('write', this.#path, cause);
    }
    this.#written = performance.now();
  }

  /** Forgets the run: it is complete, or not to be believed. */
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
    // Every other one goes, so that what stays is spread over all of the run.
    this.#stride *= 2;
    for (let i = 0; i < this.#spread.length; i++) this.#spread.splice(i + 1, 1);
  }
}

/** A stored id as the collection's key holds it. */
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

/** `$XDG_STATE_HOME/m2v/index`, else `~/.local/state/m2v/index`; on Windows under `%LOCALAPPDATA%`. */
function stateFolder(): string {
  const chosen = process.env.XDG_STATE_HOME;
  if (chosen !== undefined && isAbsolute(chosen)) return join(chosen, 'm2v', 'index');
  if (process.platform === 'win32') {
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'm2v', 'state', 'index');
  }
  return join(homedir(), '.local', 'state', 'm2v', 'index');
}
