import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { IngestResult, MilvusOptions } from '../../src/index.js';

const PROGRAM = fileURLToPath(new URL('./ingest-program.mjs', import.meta.url));

/** Instructions for the program. */
export interface IngestJob {
  /** Folder of the emitted sources. */
  readonly sources: string;
  readonly target: MilvusOptions;
  readonly collection: string;
  /** Start of each text, followed by the number of its row, from 0. */
  readonly prefix: string;
  readonly rows: number;
  readonly batchRows: number;
  readonly retryFor: number;
  /** Number of letters after each text, to reach a row size. */
  readonly padding: number;
  /** How it ends: orderly, by an uncaught error, or not at all. */
  readonly ending: 'close' | 'throw' | 'stay';
}

/** An error reported by the program. */
export interface ReportedError {
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly isError: boolean;
  readonly result?: Omit<IngestResult, 'failed'> & { readonly failed: number };
}

/** Final report of the program. */
export interface Outcome {
  readonly result: IngestResult;
  /** Rows, as the server counts them. */
  readonly count: number;
  /** Number of every row that the collection yields, in order. */
  readonly numbers: readonly number[];
}

export type IngestEvent =
  | { readonly event: 'begin' }
  | { readonly event: 'ready'; readonly kept: readonly number[] }
  | { readonly event: 'progress'; readonly complete: number; readonly stored: number }
  | ({ readonly event: 'result' } & Outcome)
  | { readonly event: 'error'; readonly error: ReportedError }
  | { readonly event: 'unhandled'; readonly error: ReportedError };

/** Environment of the program. */
export interface ProgramSurroundings {
  readonly cwd?: string;
  /** A command that runs the program's command, which follows it. */
  readonly wrapper?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A separate process that stores generated rows; see ingest-program.mjs. */
export class IngestProgram {
  readonly process: ChildProcess;
  /** All its reports so far. */
  readonly events: IngestEvent[] = [];
  /** Resolves with its exit code; `null` after a signal. */
  readonly exited: Promise<number | null>;
  /** Its standard error. */
  stderr = '';
  #changed: () => void = () => {};
  #running = true;

  constructor(
    job: Partial<IngestJob> & Pick<IngestJob, 'sources' | 'target' | 'collection'>,
    { cwd, wrapper = [], environment = {} }: ProgramSurroundings = {},
  ) {
    const whole: IngestJob = {
      prefix: 'row',
      rows: 1000,
      batchRows: 100,
      retryFor: 60_000,
      padding: 0,
      ending: 'close',
      ...job,
    };
    const command = [...wrapper, process.execPath, PROGRAM, JSON.stringify(whole)];
    this.process = spawn(command[0]!, command.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
      ...(cwd === undefined ? {} : { cwd }),
    });
    this.process.on('error', (error) => {
      this.stderr += error.message;
    });
    this.process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
    });
    createInterface({ input: this.process.stdout! }).on('line', (line) => {
      this.events.push(JSON.parse(line) as IngestEvent);
      this.#changed();
    });
    this.exited = new Promise((resolve) => {
      this.process.once('close', (code) => {
        this.#running = false;
        this.#changed();
        resolve(code);
      });
    });
  }

  /** Leading rows of its input that it has reported as settled. */
  get complete(): number {
    return Math.max(0, ...this.events.map((event) => (event.event === 'progress' ? event.complete : 0)));
  }

  /** Number of every row that existed when it started. */
  get kept(): readonly number[] {
    return this.events.find((event) => event.event === 'ready')?.kept ?? [];
  }

  get running(): boolean {
    return this.#running;
  }

  /** Resolves when `condition` holds or the program has ended. */
  async until(condition: () => boolean): Promise<void> {
    while (this.#running && !condition()) {
      await new Promise<void>((resolve) => {
        this.#changed = resolve;
      });
    }
  }

  /** Its result, once it has ended. */
  async result(): Promise<Outcome> {
    await this.exited;
    const last = this.events.at(-1);
    if (last?.event !== 'result') throw new Error(`no result but ${JSON.stringify(last)} ${this.stderr}`);
    return last;
  }

  /** The error it ended with. */
  async error(): Promise<ReportedError> {
    await this.exited;
    const last = this.events.at(-1);
    if (last?.event !== 'error') throw new Error(`no error but ${JSON.stringify(last)} ${this.stderr}`);
    return last.error;
  }

  /** Ends it as `kill -9` does. */
  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}
