import { constants } from 'node:os';
import {
  MilvusError,
  type MilvusLiteStatus,
  milvusLiteStatus,
  setupMilvusLite,
  startMilvusLite,
  stopMilvusLite,
} from '@model2vec-ts/milvus-adapter';
import { StreamSink } from '../../output/stream-sink.js';
import { FailureError, UsageError } from '../../terminal/cli-error.js';
import { failureLine } from '../../terminal/remedies/failure-line.js';
import { Stopping } from '../../terminal/stopping.js';
import { colorsFor, counted, oneLine } from '../../terminal/terminal.js';

/** The flags of `m2v milvus setup`. */
export interface SetupFlags {
  readonly python?: string;
  readonly quiet?: boolean;
}

/** The flags of `m2v milvus start`. */
export interface StartFlags extends SetupFlags {
  readonly port?: number;
  readonly json?: boolean;
}

/** The flags of `m2v milvus stop`. */
export interface StopFlags {
  readonly all?: boolean;
  readonly quiet?: boolean;
}

/** The flags of `m2v milvus status`. */
export interface StatusFlags {
  readonly json?: boolean;
}

/** `m2v milvus setup`. */
export async function setup(flags: SetupFlags): Promise<void> {
  // An interrupted setup removes its unfinished environment before the program ends.
  const stopping = new Stopping();
  try {
    const made = await setupMilvusLite({
      ...(flags.python !== undefined && { python: flags.python }),
      ...(flags.quiet !== true && { onProgress: note }),
      signal: stopping.signal,
    });
    const words = made.made ? 'is set up' : 'was already set up';
    await print(`Milvus Lite ${made.milvusLite} ${words}: Python ${made.pythonVersion} in ${made.folder}\n`);
  } catch (error) {
    if (stopping.by === undefined) throw error;
    process.exitCode = 128 + constants.signals[stopping.by];
  } finally {
    stopping.end();
  }
}

/** `m2v milvus start`. */
export async function start(folder: string, flags: StartFlags): Promise<void> {
  const server = await startMilvusLite(folder, {
    keepRunning: true,
    ...(flags.port !== undefined && { port: flags.port }),
    ...(flags.python !== undefined && { python: flags.python }),
  });
  const { address, pid, version, log, shared } = server;
  // This program stops using the server; the server keeps running.
  await server.stop();
  if (flags.json) {
    await print(
      `${JSON.stringify({ address: `http://${address}`, folder: server.folder, pid, version, log, alreadyRunning: shared })}\n`,
    );
    return;
  }
  if (flags.quiet !== true) {
    note(
      `${shared ? 'already running' : 'started'} on ${server.folder} (process ${pid}); m2v milvus stop ends it`,
    );
  }
  await print(`http://${address}\n`);
}

/** `m2v milvus stop`. */
export async function stop(folder: string | undefined, flags: StopFlags): Promise<void> {
  if ((folder === undefined) === (flags.all !== true)) {
    throw new UsageError('name the folder of the server, or pass --all');
  }
  const folders =
    folder === undefined ? (await milvusLiteStatus()).servers.map((server) => server.folder) : [folder];
  let stopped = 0;
  for (const each of folders) if (await stopMilvusLite(each)) stopped++;
  if (folder !== undefined && stopped === 0) {
    throw new FailureError(`no Milvus Lite of yours runs on ${folder}`, {
      remedy: { code: 'run-command', command: 'm2v milvus status', effect: 'lists the running servers' },
    });
  }
  if (flags.quiet !== true) note(`stopped ${counted(stopped, 'server')}`);
}

/** `m2v milvus status`. */
export async function status(flags: StatusFlags): Promise<void> {
  const found = await milvusLiteStatus();
  await print(flags.json ? `${JSON.stringify(await jsonOf(found))}\n` : await drawn(found));
}

async function jsonOf({ environment, python, servers }: MilvusLiteStatus): Promise<object> {
  return {
    environment: environment ?? null,
    python: MilvusError.isInstance(python) ? null : python,
    ...(MilvusError.isInstance(python) && { problem: await failureLine(python) }),
    servers: servers.map((server) => ({ ...server, address: `http://${server.address}` })),
  };
}

async function drawn({ environment, python, servers }: MilvusLiteStatus): Promise<string> {
  const colors = colorsFor(process.stdout);
  const lines: [string, string][] = [
    [
      'environment',
      environment === undefined
        ? 'none; m2v milvus setup creates one'
        : `Milvus Lite ${environment.milvusLite}, Python ${environment.pythonVersion}, in ${environment.folder}`,
    ],
    [
      'python',
      MilvusError.isInstance(python)
        ? `none: ${await failureLine(python)}`
        : `${python.path} (from ${python.from})`,
    ],
    ['servers', servers.length === 0 ? 'none running' : ''],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const head = lines
    .map(([name, value]) => `${`${colors.bold(name.padEnd(width))}  ${oneLine(value)}`.trimEnd()}\n`)
    .join('');
  const rows = servers.map(({ folder, address, pid, users, keepRunning, keepAlive }) => {
    const life = keepRunning
      ? 'keeps running'
      : keepAlive > 0
        ? `ends ${keepAlive / 1000} s after its last user`
        : 'ends with its last user';
    return `  ${oneLine(folder)}  http://${address}  process ${pid}, ${counted(users, 'user')}, ${life}\n`;
  });
  return head + rows.join('');
}

function note(line: string): void {
  process.stderr.write(`m2v: ${oneLine(line)}\n`);
}

async function print(text: string): Promise<void> {
  await new StreamSink(process.stdout).write(Buffer.from(text));
}
