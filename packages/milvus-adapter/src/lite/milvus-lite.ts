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

/** Options of Milvus Lite. All durations are in milliseconds. */
export interface MilvusLiteOptions {
  /**
   * Path of a Python ≥ 3.10 that has milvus-lite 3.2, or of a virtual environment, or a name on the `PATH`.
   *
   * @defaultValue `M2V_PYTHON`, else the environment that `setupMilvusLite` made
   */
  readonly python?: string;
  /**
   * Port on 127.0.0.1, if this call starts the server.
   *
   * @defaultValue a free one
   */
  readonly port?: number;
  /**
   * Milliseconds for the server to answer.
   *
   * @defaultValue 60 000
   */
  readonly startTimeout?: number;
  /**
   * Whether the server keeps running without users, until {@link stopMilvusLite}.
   *
   * @defaultValue false
   */
  readonly keepRunning?: boolean;
  /**
   * Milliseconds that the server stays after its last user, so that the next one need not wait for a start. The largest
   * value of its users counts.
   *
   * @defaultValue 0
   */
  readonly keepAlive?: number;
  /** Aborts waiting for the start. */
  readonly signal?: AbortSignal;
  /** Called before this call starts a server, which takes seconds; not called if one runs. */
  readonly onStart?: () => void;
  /** Called for each further line of the server's log. */
  readonly onLog?: (line: string) => void;
}

/** A running Milvus Lite. */
export interface MilvusLiteServer {
  /** `127.0.0.1:port` of Milvus' gRPC. */
  readonly address: string;
  /** Its data folder, absolute, with links resolved. */
  readonly folder: string;
  /** Whether it was running already. */
  readonly shared: boolean;
  /** Process id of the server. */
  readonly pid: number;
  /** Version of milvus-lite. */
  readonly version: string;
  /** File with the server's log. */
  readonly log: string;
  /**
   * Resolves when the server ends: with an error that says how, or with `undefined` after
   * {@link MilvusLiteServer.stop}. The error is `retriable` unless someone asked the server to end.
   */
  readonly ended: Promise<MilvusError | undefined>;
  /**
   * Ends this use of the server. If no other process and no other call uses it and nobody asked it to stay, the server
   * writes its data and ends before this resolves. Further calls do nothing.
   */
  stop(): Promise<void>;
}

const DEFAULT_START_TIMEOUT = 60_000;

/**
 * Starts Milvus Lite on a folder, or joins the server that another process of this user runs there. The server listens
 * on 127.0.0.1 and lives until the last process that uses it calls `stop()` or ends in any way. It does not keep this
 * process alive and needs no signal handler.
 *
 * The server has no login: every user of this machine can reach its port.
 *
 * @param folder - created if it is missing; `~` is the home folder
 * @throws {@link MilvusError}: `not-found` (no Python, or no milvus-lite in it), `unsupported` (its version),
 * `invalid-argument` (a file of Milvus Lite 2, a folder with other data, a port in use), `locked` (another program
 * serves the folder), `refused` (permissions), `limit` (disk full), `mismatch` (a running server of another version of
 * this package), `unreachable` (no answer in time), `aborted`, and `server` (a crash)
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
  return await startServer(await preparedPlace(folder, options), options);
}

/** The place of a folder after checking it and the options. */
export async function preparedPlace(folder: string, options: MilvusLiteOptions): Promise<LitePlace> {
  checkOptions(folder, options);
  if (options.signal?.aborted) throw abortedError(options.signal, starting(folder));
  return await preparePlace(folder);
}

/** {@link startMilvusLite} on a prepared place. */
export async function startServer(place: LitePlace, options: MilvusLiteOptions): Promise<MilvusLiteServer> {
  const { startTimeout = DEFAULT_START_TIMEOUT, signal, onStart } = options;
  const giveUpAt = Date.now() + startTimeout;
  let pause = 100;
  let isStarting = false;
  for (;;) {
    // A crash leaves the state file of a server that is gone.
    const gone = (await readState(place.state))?.proof;
    const running = await joinRunning(place, options);
    if (running === undefined && !isStarting) {
      isStarting = true;
      onStart?.();
    }
    const lease = running ?? (await startProgram(place, giveUpAt, options));
    if (lease !== undefined) {
      const server = await serverOf(lease, place, running !== undefined, giveUpAt, options);
      if (server !== undefined) return server;
    }
    // The server has just been killed, or it is starting or ending in another process, which takes a while. Reading the
    // state file is cheaper than another program that only tries the lock.

    const nextStart = Date.now() + pause;
    while (Date.now() < nextStart && (await readState(place.state))?.proof === gone) {
      await wait(Math.min(50, pause), signal, place.shown);
    }
    if (Date.now() >= giveUpAt) {
      throw new MilvusError(
        'locked',
        `another Milvus Lite of this user holds ${place.shown} and did not answer within ${startTimeout} ms`,
        { retriable: true, remedy: { code: 'read-log', log: place.log } },
      );
    }
    pause = Math.min(2 * pause, 2000);
  }
}

/** Joins the server that runs on a folder; `undefined` if none runs or it does not answer. */
export async function joinServer(
  place: LitePlace,
  options: MilvusLiteOptions,
): Promise<MilvusLiteServer | undefined> {
  const { startTimeout = DEFAULT_START_TIMEOUT } = options;
  const lease = await joinRunning(place, options);
  if (lease === undefined) return undefined;
  return await serverOf(lease, place, true, Date.now() + startTimeout, options);
}

/**
 * Ends the server of a folder, even if other processes use it or it was started with `keepRunning`. Resolves when its
 * data is written and it is gone.
 *
 * @returns whether a server was running
 *
 * @example
 * ```ts
 * import { stopMilvusLite } from '@model2vec-ts/milvus-adapter';
 *
 * console.log((await stopMilvusLite('./notes.db')) ? 'stopped' : 'was not running');
 * ```
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
  const { port, startTimeout, keepAlive } = options;
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw invalidArgument('option port', 'an integer from 1 to 65535', port);
  }
  if (startTimeout !== undefined && !(startTimeout > 0)) {
    throw invalidArgument('option startTimeout', 'milliseconds above 0', startTimeout);
  }
  if (keepAlive !== undefined && !(keepAlive >= 0 && Number.isFinite(keepAlive))) {
    throw invalidArgument('option keepAlive', 'milliseconds', keepAlive);
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

async function joinRunning(
  place: LitePlace,
  { keepRunning = false, keepAlive = 0 }: MilvusLiteOptions,
): Promise<LiteLease | undefined> {
  const state = await readState(place.state);
  return state === undefined ? undefined : await LiteLease.join(state, { keep: keepRunning, keepAlive });
}

/** The server of a lease, once it answers gRPC; `undefined` if it was killed before. */
async function serverOf(
  lease: LiteLease,
  place: LitePlace,
  shared: boolean,
  giveUpAt: number,
  { signal, onLog }: MilvusLiteOptions,
): Promise<MilvusLiteServer | undefined> {
  const { pid, port, milvusLite } = lease.answer;
  const address = `127.0.0.1:${port}`;
  const version = await callVersion(address, Math.max(1000, giveUpAt - Date.now()));
  if (signal?.aborted || !version?.includes('milvus_lite')) {
    const gone = await Promise.race([lease.ended.then(() => true), pauseFor(0).then(() => false)]);
    await lease.release();
    if (signal?.aborted) throw abortedError(signal, starting(place.shown));
    if (gone) return undefined;
    throw new MilvusError(
      'unreachable',
      `Milvus Lite on ${place.shown} runs (process ${pid}) but does not answer at ${address}`,
      { retriable: true, remedy: { code: 'read-log', log: place.log } },
    );
  }
  const unfollow = onLog === undefined ? undefined : await followLog(place.log, onLog);
  const ended = lease.ended.then(async (ending) => {
    await unfollow?.();
    if (lease.released) return undefined;
    return await endError(`Milvus Lite on ${place.shown} (process ${pid})`, ending, place);
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

/** A lease of a new server; `undefined` if another program of this user holds the folder. */
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
    // Outside the caller's working folder, which nothing then keeps busy and whose files cannot interfere.
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
    const lease = await joinRunning(place, options);
    if (lease !== undefined) return lease;
    throw await deathError(`Milvus Lite on ${place.shown}`, 'ended right after its start', place);
  } finally {
    // Closing its standard input ends a server without a lease.
    child.stdin?.destroy();
    child.stdout?.destroy();
    child.unref();
    await log.close();
  }
}

async function openLog(place: LitePlace): Promise<FileHandle> {
  try {
    // Opened for appending, because a program without the lock must not truncate the log of the one that holds it.
    return await open(place.log, 'a', 0o600);
  } catch (error) {
    throw systemError(
      (error as NodeJS.ErrnoException).code ?? '',
      `the log of Milvus Lite ${place.log}`,
      { code: 'make-writable', path: place.state, variable: 'XDG_STATE_HOME' },
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
  { signal, startTimeout = DEFAULT_START_TIMEOUT }: MilvusLiteOptions,
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
      end(() => reject(abortedError(signal!, starting(place.shown))));
    };
    const timer = setTimeout(
      () => {
        child.kill('SIGKILL');
        const late = new MilvusError(
          'unreachable',
          `Milvus Lite on ${place.shown} did not start within ${startTimeout} ms (log: ${place.log})`,
          { retriable: true, remedy: { code: 'pass-option', option: 'startTimeout' } },
        );
        end(() => reject(late));
      },
      Math.max(1, giveUpAt - Date.now()),
    );
    lines.on('line', (line) => {
      const event = parseEvent(line);
      if (event !== undefined) end(() => resolve(event));
    });
    child.on('error', (cause) => {
      const failed = new MilvusError(
        'not-found',
        `${python.path}${python.from === 'M2V_PYTHON' ? ' (from M2V_PYTHON)' : ''} cannot be run as Python: ${cause.message}`,
        { cause, remedy: { code: 'set-up-lite' } },
      );
      end(() => reject(failed));
    });
    // 'close' instead of 'exit', because the last output may still be in the pipe.
    child.on('close', (code, killed) => {
      const ending = killed === null ? `ended with exit code ${code}` : `was ended by ${killed}`;
      const what = `Milvus Lite on ${place.shown} (${python.path})`;
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
