import { type ChildProcess, spawn } from 'node:child_process';
import { type FileHandle, open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pauseFor } from '../connection/back-off.js';
import { abortedError, invalidArgument, MilvusError } from '../milvus-error.js';
import { deathError, endError, failureError, type LiteFailure } from './lite-failure.js';
import { askToStop, LiteLease } from './lite-lease.js';
import { liteProcessEnvironment } from './lite-process-environment.js';
import { LITE_PROTOCOL, STATE_FILE } from './lite-protocol.js';
import { type LitePlace, placeOf, preparePlace, readState, systemError } from './lite-state.js';
import { followLog } from './log-follower.js';
import { LITE_SERVER, WRITE_SAFETY } from './programs/programs.generated.js';
import { type FoundPython, findPython } from './python.js';
import { callVersion } from './version-call.js';

/** How Milvus Lite is started. */
export interface MilvusLiteOptions {
  /**
   * Path of a Python ≥ 3.10 that has milvus-lite 3.2, or of a virtual environment, or a name on the `PATH`.
   *
   * @defaultValue `M2V_PYTHON`, else the environment that `setupMilvusLite` made
   */
  readonly python?: string;
  /**
   * Port on 127.0.0.1, where this call is the one that starts the server.
   *
   * @defaultValue a free one
   */
  readonly port?: number;
  /**
   * Milliseconds for the server to answer.
   *
   * @defaultValue 60 000
   */
  readonly startTimeoutMs?: number;
  /**
   * Whether the server stays when nobody uses it any more, until {@link stopMilvusLite}.
   *
   * @defaultValue false
   */
  readonly keepRunning?: boolean;
  /** Ends waiting for the start. */
  readonly signal?: AbortSignal;
  /** Gets each line of the server's log from now on. */
  readonly onLog?: (line: string) => void;
}

/** A Milvus Lite that answers. */
export interface MilvusLiteServer {
  /** `127.0.0.1:port`, where it speaks Milvus' gRPC. */
  readonly address: string;
  /** Its data folder, absolute, links resolved. */
  readonly folder: string;
  /** Whether it ran already when it was asked for. */
  readonly shared: boolean;
  /** Process id of the server. */
  readonly pid: number;
  /** Version of milvus-lite. */
  readonly version: string;
  /** File with the server's log. */
  readonly log: string;
  /**
   * Resolves when the server is of no more use: with an error that says how it ended, or with nothing after
   * {@link MilvusLiteServer.stop}. The error is `retriable` unless somebody asked the server to end.
   */
  readonly ended: Promise<MilvusError | undefined>;
  /**
   * Ends this use of the server. Where no other process (and no other call) uses it, the server writes its data and
   * ends before this resolves. Calling it again does no more.
   */
  stop(): Promise<void>;
}

const DEFAULT_PATIENCE = 60_000;

/**
 * Milvus Lite on a folder: the server that another process of this user runs there, or a new one on 127.0.0.1. It
 * lives until the last process that uses it calls `stop()`, exits or dies in whatever way. It does not keep the
 * process alive, and needs no handler for signals.
 *
 * The server has no login: every user of this machine can reach its port.
 *
 * @param folder - made where it is missing; `~` is the home folder
 * @throws {@link MilvusError}: `not-found` (no Python, or no milvus-lite in it), `unsupported` (its version),
 * `invalid-argument` (a file of Milvus Lite 2, a folder of other things, a port that is taken), `locked` (another
 * program serves the folder), `refused` (permissions), `limit` (disk full), `mismatch` (a running server of another
 * version of this package), `unreachable` (no answer in time), `aborted`, and `server` (a crash)
 * @example
 * ```ts
 * import { connectMilvus, startMilvusLite } from '@model2vec-ts/milvus-adapter';
 *
 * const lite = await startMilvusLite('./milvus.db');
 * const milvus = await connectMilvus(`http://${lite.address}`);
 * await milvus.close();
 * await lite.stop();
 * ```
 */
export async function startMilvusLite(
  folder: string,
  options: MilvusLiteOptions = {},
): Promise<MilvusLiteServer> {
  checkOptions(folder, options);
  const { startTimeoutMs = DEFAULT_PATIENCE, keepRunning = false, signal } = options;
  if (signal?.aborted) throw abortedError(signal, starting(folder));
  const place = await preparePlace(folder);
  const giveUpAt = Date.now() + startTimeoutMs;
  let pause = 100;
  for (;;) {
    // A crash leaves the state file of a server that is gone.
    const gone = (await readState(place.state))?.proof;
    const running = await joinRunning(place, keepRunning);
    if (running !== undefined) return await serverOf(running, place, true, giveUpAt, options);
    const started = await startProgram(place, giveUpAt, options);
    if (started !== undefined) return await serverOf(started, place, false, giveUpAt, options);
    // Another process starts the server, or it is just ending: both take a while, and a program that only asks for
    // the lock is not free, so the state file is looked at more often.
    const nextStart = Date.now() + pause;
    while (Date.now() < nextStart && (await readState(place.state))?.proof === gone) {
      await wait(Math.min(50, pause), signal, folder);
    }
    if (Date.now() >= giveUpAt) {
      throw new MilvusError(
        'locked',
        `a Milvus Lite of yours holds ${place.folder} and did not answer within ${startTimeoutMs} ms; wait for its start or end, or end its process; log: ${place.log}`,
        { retriable: true },
      );
    }
    pause = Math.min(2 * pause, 2000);
  }
}

/**
 * Ends the server of a folder, also when other processes use it or it was started to stay, and resolves when its
 * data is written and it is gone.
 *
 * @returns whether there was one
 */
export async function stopMilvusLite(folder: string): Promise<boolean> {
  checkOptions(folder, {});
  let place: LitePlace;
  try {
    place = await placeOf(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  const state = await readState(place.state);
  return state !== undefined && (await askToStop(state));
}

function checkOptions(folder: unknown, options: MilvusLiteOptions): void {
  if (typeof folder !== 'string' || folder === '')
    throw invalidArgument('the folder of Milvus Lite', 'a path', folder);
  const { port, startTimeoutMs } = options;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw invalidArgument('option port', 'an integer from 1 to 65535', port);
  }
  if (startTimeoutMs !== undefined && !(startTimeoutMs > 0)) {
    throw invalidArgument('option startTimeoutMs', 'milliseconds', startTimeoutMs);
  }
}

function starting(folder: string): string {
  return `starting Milvus Lite on ${folder}`;
}

async function wait(milliseconds: number, signal: AbortSignal | undefined, folder: string): Promise<void> {
  try {
    await pauseFor(milliseconds, signal);
  } catch {
    throw abortedError(signal!, starting(folder));
  }
}

async function joinRunning(place: LitePlace, keep: boolean): Promise<LiteLease | undefined> {
  const state = await readState(place.state);
  return state === undefined ? undefined : await LiteLease.join(state, keep);
}

/** The server of a lease, once it answers gRPC. */
async function serverOf(
  lease: LiteLease,
  place: LitePlace,
  shared: boolean,
  giveUpAt: number,
  { signal, onLog }: MilvusLiteOptions,
): Promise<MilvusLiteServer> {
  const { pid, port, milvusLite } = lease.answer;
  const address = `127.0.0.1:${port}`;
  const version = await callVersion(address, Math.max(1000, giveUpAt - Date.now()));
  if (signal?.aborted || !version?.includes('milvus_lite')) {
    await lease.release();
    if (signal?.aborted) throw abortedError(signal, starting(place.folder));
    throw new MilvusError(
      'unreachable',
      `Milvus Lite on ${place.folder} runs (process ${pid}) but does not answer at ${address}; log: ${place.log}`,
      { retriable: true },
    );
  }
  const unfollow = onLog === undefined ? undefined : await followLog(place.log, onLog);
  const ended = lease.ended.then(async (ending) => {
    await unfollow?.();
    if (lease.released) return undefined;
    return await endError(`Milvus Lite on ${place.folder} (process ${pid})`, ending, place);
  });
  return {
    address,
    folder: place.folder,
    shared,
    pid,
    version: milvusLite,
    log: place.log,
    ended,
    stop: async () => {
      await lease.release();
      await ended;
    },
  };
}

/** A lease of a new server; `undefined` when another program of this user holds the folder. */
async function startProgram(
  place: LitePlace,
  giveUpAt: number,
  options: MilvusLiteOptions,
): Promise<LiteLease | undefined> {
  const python = await findPython(options.python);
  const log = await openLog(place);
  const argument = JSON.stringify({
    protocol: LITE_PROTOCOL,
    folder: place.folder,
    stateFolder: place.state,
    stateFile: STATE_FILE,
    port: options.port ?? 0,
    writeSafety: WRITE_SAFETY,
  });
  const child = spawn(python.path, ['-c', LITE_SERVER, argument], {
    // The program never sees the caller's working folder, so that nothing there keeps or changes it.
    cwd: place.state,
    env: liteProcessEnvironment(python.from),
    stdio: ['pipe', 'pipe', log.fd],
    detached: true,
    windowsHide: true,
  });
  try {
    const event = await firstEvent(child, place, giveUpAt, python, options);
    if (event.event === 'busy') return undefined;
    if (event.event === 'failed') throw await failureError(event, place, python);
    const lease = await joinRunning(place, options.keepRunning ?? false);
    if (lease !== undefined) return lease;
    throw await deathError(`Milvus Lite on ${place.folder}`, 'ended right after its start', place);
  } finally {
    // The end of its standard input ends a server that nobody has a lease of.
    child.stdin?.destroy();
    child.stdout?.destroy();
    child.unref();
    await log.close();
  }
}

async function openLog(place: LitePlace): Promise<FileHandle> {
  try {
    // Appended to, since a program that does not get the lock must leave the log of the one that has it alone.
    return await open(place.log, 'a', 0o600);
  } catch (error) {
    throw systemError(
      (error as NodeJS.ErrnoException).code ?? '',
      `the log of Milvus Lite ${place.log}`,
      'set XDG_STATE_HOME to a folder that you can write',
      error,
    );
  }
}

type ProgramEvent = { readonly event: 'ready' | 'busy' } | ({ readonly event: 'failed' } & LiteFailure);

function firstEvent(
  child: ChildProcess,
  place: LitePlace,
  giveUpAt: number,
  python: FoundPython,
  { signal, startTimeoutMs = DEFAULT_PATIENCE }: MilvusLiteOptions,
): Promise<ProgramEvent> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout! });
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      lines.close();
      settle();
    };
    const abort = (): void => {
      child.kill('SIGKILL');
      end(() => reject(abortedError(signal!, starting(place.folder))));
    };
    const timer = setTimeout(
      () => {
        child.kill('SIGKILL');
        const late = `Milvus Lite on ${place.folder} did not start within ${startTimeoutMs} ms; give it longer with startTimeoutMs; log: ${place.log}`;
        end(() => reject(new MilvusError('unreachable', late, { retriable: true })));
      },
      Math.max(1, giveUpAt - Date.now()),
    );
    lines.on('line', (line) => {
      const event = parseEvent(line);
      if (event !== undefined) end(() => resolve(event));
    });
    child.on('error', (cause) => {
      const failed = `${python.path} (from ${python.from}) cannot be run as Python: ${cause.message}; run \`m2v milvus setup\`, or correct it`;
      end(() => reject(new MilvusError('not-found', failed, { cause })));
    });
    // 'close' and not 'exit': the last words may still be in the pipe.
    child.on('close', (code, killed) => {
      const ending = killed === null ? `ended with exit code ${code}` : `was ended by ${killed}`;
      const what = `Milvus Lite on ${place.folder} (${python.path})`;
      end(() => deathError(what, `${ending} while starting`, place).then(reject, reject));
    });
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    // A program that is no Python may close its input at once.
    child.stdin?.on('error', () => {});
  });
}

function parseEvent(line: string): ProgramEvent | undefined {
  let found: unknown;
  try {
    found = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { event, reason } = found as Record<string, unknown>;
  if (event === 'ready' || event === 'busy') return { event };
  return event === 'failed' && typeof reason === 'string' ? (found as ProgramEvent) : undefined;
}
