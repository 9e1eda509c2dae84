import { connect, type Socket } from 'node:net';
import { type LiteIdentity, type LiteState, parseIdentity } from './lite-state.js';

/** A server's answer on its control port. */
export interface LiteAnswer extends LiteIdentity {
  /** Number of leases, including this one. */
  readonly users: number;
  /** Whether it keeps running without users. */
  readonly keep: boolean;
  /** Milliseconds that it stays after its last user. */
  readonly keepAlive: number;
}

/** How long a user wants the server to live beyond its own use. */
export interface LiteLife {
  /** Whether it keeps running without users. */
  readonly keep: boolean;
  /** Milliseconds that it stays after its last user. */
  readonly keepAlive: number;
}

/** Why a server ends, which it reports before. */
export interface LiteEnding {
  /** Whether someone asked for it; otherwise a write failed. */
  readonly asked: boolean;
  /** The failed write. */
  readonly message: string;
}

/** Milliseconds for an answer of the control port, which takes so long only on an overloaded machine. */
const PATIENCE = 5000;
/** Milliseconds for a server to end: running requests get five seconds, then it writes its data. */
const END_PATIENCE = 60_000;

/**
 * One process's use of a server, which lives as long as this connection. The connection does not keep the process
 * alive.
 */
export class LiteLease {
  /** The server's answer when the lease began. */
  readonly answer: LiteAnswer;
  /**
   * Resolves when the connection ends: after {@link LiteLease.release}, or with the server, which may have reported why
   * it ends.
   */
  readonly ended: Promise<LiteEnding | undefined>;
  readonly #line: ControlLine;
  readonly #token: string;
  #released: Promise<void> | undefined;

  private constructor(line: ControlLine, token: string, answer: LiteAnswer) {
    this.#line = line;
    this.#token = token;
    this.answer = answer;
    this.ended = line.closed.then(() => line.ending);
  }

  /** Leases the server of a state file; `undefined` if that server is gone or ending. */
  static async join(state: LiteState, life: LiteLife): Promise<LiteLease | undefined> {
    const line = new ControlLine(state.control);
    const answer = await askOn(line, state, { operation: 'join', ...life });
    if (answer === undefined) return undefined;
    line.socket.unref();
    return new LiteLease(line, state.token, answer);
  }

  /** Whether {@link LiteLease.release} was called. */
  get released(): boolean {
    return this.#released !== undefined;
  }

  /** Ends the lease. If it was the last one, resolves when the server has written its data and is gone. */
  release(): Promise<void> {
    this.#released ??= this.#leave();
    return this.#released;
  }

  async #leave(): Promise<void> {
    this.#line.socket.ref();
    const reply = await this.#line.ask({ token: this.#token, operation: 'leave' });
    const answer = parseAnswer(reply);
    if (answer !== undefined && answer.users === 0 && !answer.keep && answer.keepAlive === 0)
      await within(END_PATIENCE, this.#line.closed);
    this.#line.socket.destroy();
    await this.#line.closed;
  }
}

/** Asks a server for its status; `undefined` if it is gone. */
export async function askStatus(state: LiteState): Promise<LiteAnswer | undefined> {
  const line = new ControlLine(state.control);
  const answer = await askOn(line, state, { operation: 'status' });
  line.socket.destroy();
  return answer;
}

/** Ends a server although others may use it, and resolves when it is gone; `false` if there was none. */
export async function askToStop(state: LiteState): Promise<boolean> {
  const line = new ControlLine(state.control);
  const answer = await askOn(line, state, { operation: 'stop' });
  if (answer === undefined) return false;
  await within(END_PATIENCE, line.closed);
  line.socket.destroy();
  return true;
}

async function askOn(line: ControlLine, state: LiteState, request: object): Promise<LiteAnswer | undefined> {
  const answer = parseAnswer(await line.ask({ token: state.token, ...request }));
  // After its server is gone, a port may belong to another program, so an answer needs the proof.
  if (answer !== undefined && answer.proof === state.proof) return answer;
  line.socket.destroy();
  return undefined;
}

function parseAnswer(found: unknown): LiteAnswer | undefined {
  const identity = parseIdentity(found);
  if (identity === undefined) return undefined;
  const { users, keep, keepAlive = 0 } = found as Record<string, unknown>;
  if (typeof users !== 'number' || typeof keep !== 'boolean' || typeof keepAlive !== 'number')
    return undefined;
  return { ...identity, users, keep, keepAlive };
}

/** A connection for requests and answers of one line of JSON each. */
class ControlLine {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  /** Why the server ends, which it reports without a request. */
  ending: LiteEnding | undefined;
  #unread = '';
  #answer: ((found: unknown) => void) | undefined;

  constructor(port: number) {
    this.socket = connect({ host: '127.0.0.1', port, noDelay: true });
    this.socket.setEncoding('utf8');
    // 'close' follows every error.
    this.socket.on('error', () => {});
    this.socket.on('data', (text: string) => this.#hear(text));
    this.closed = new Promise((resolve) => {
      this.socket.once('close', () => {
        this.#answer?.(undefined);
        resolve();
      });
    });
  }

  /** Sends a request; resolves to `undefined` if the connection breaks or no answer comes in time. */
  async ask(request: object): Promise<unknown> {
    if (this.socket.destroyed) return undefined;
    const answered = new Promise<unknown>((resolve) => {
      this.#answer = resolve;
    });
    this.socket.write(`${JSON.stringify(request)}\n`);
    return await within(PATIENCE, answered);
  }

  #hear(text: string): void {
    const lines = (this.#unread + text).split('\n');
    this.#unread = lines.pop()!;
    for (const line of lines) {
      const found = parseLine(line);
      const ending = parseEnding(found);
      if (ending === undefined) this.#answer?.(found);
      else this.ending = ending;
    }
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function parseEnding(found: unknown): LiteEnding | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { ending, message } = found as Record<string, unknown>;
  if (ending !== 'asked' && ending !== 'failed') return undefined;
  return { asked: ending === 'asked', message: typeof message === 'string' ? message : '' };
}

/** Resolves as a promise does, or to `undefined` after some milliseconds. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
