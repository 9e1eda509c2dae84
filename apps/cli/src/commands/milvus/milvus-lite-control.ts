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
import { milvusFailure } from '../../terminal/milvus-failure.js';
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
  // What has been made so far is removed before the program ends.
  const stopping = new Stopping();
  try {
    const made = await setupMilvusLite({
      ...(flags.python !== undefined && { python: flags.python }),
      ...(flags.quiet !== true && { onProgress: tell }),
      signal: stopping.signal,
    });
    const words = made.made ? 'is set up' : 'was set up already';
    await print(`Milvus Lite ${made.milvusLite} ${words}: Python ${made.pythonVersion} in ${made.folder}\n`);
  } catch (error) {
    if (stopping.by === undefined) throw milvusFailure(error);
    process.exitCode = 130;
  } finally {
    stopping.end();
  }
}

/** `m2v milvus start`. */
export async function start(folder: string, flags: StartFlags): Promise<void> {
  try {
    const server = await startMilvusLite(folder, {
      keepRunning: true,
      ...(flags.port !== undefined && { port: flags.port }),
      ...(flags.python !== undefined && { python: flags.python }),
    });
    const { address, pid, version, log, shared } = server;
    // It stays: this ends only this program's use of it.
    await server.stop();
    if (flags.json) {
      await print(
        `${JSON.stringify({ address: `http://${address}`, folder: server.folder, pid, version, log, alreadyRunning: shared })}\n`,
      );
      return;
    }
    if (flags.quiet !== true) {
      tell(
        `${shared ? 'was running already' : 'started'} on ${server.folder} (process ${pid}); m2v milvus stop ends it`,
      );
    }
    await print(`http://${address}\n`);
  } catch (error) {
    throw milvusFailure(error);
  }
}

/** `m2v milvus stop`. */
export async function stop(folder: string | undefined, flags: StopFlags): Promise<void> {
  if ((folder === undefined) === (flags.all !== true)) {
    throw new UsageError('name the folder of the server, or give --all');
  }
  try {
    const folders =
      folder === undefined ? (await milvusLiteStatus()).servers.map((server) => server.folder) : [folder];
    let stopped = 0;
    for (const each of folders) if (await stopMilvusLite(each)) stopped++;
    if (folder !== undefined && stopped === 0) {
      throw new FailureError(`no Milvus Lite of yours runs on ${folder}; m2v milvus status lists what runs`);
    }
    if (flags.quiet !== true) tell(`stopped ${counted(stopped, 'server')}`);
  } catch (error) {
    throw milvusFailure(error);
  }
}

/** `m2v milvus status`. */
export async function status(flags: StatusFlags): Promise<void> {
  const found = await milvusLiteStatus();
  await print(flags.json ? `${JSON.stringify(jsonOf(found))}\n` : drawn(found));
}

function jsonOf({ environment, python, servers }: MilvusLiteStatus): object {
  return {
    environment: environment ?? null,
    python: MilvusError.isInstance(python) ? null : python,
    ...(MilvusError.isInstance(python) && { problem: python.message }),
    servers: servers.map((server) => ({ ...server, address: `http://${server.address}` })),
  };
}

function drawn({ environment, python, servers }: MilvusLiteStatus): string {
  const colors = colorsFor(process.stdout);
  const isProblem = MilvusError.isInstance(python);
  const lines: [string, string][] = [
    [
      'environment',
      environment === undefined
        ? 'none; m2v milvus setup makes one'
        : `Milvus Lite ${environment.milvusLite}, Python ${environment.pythonVersion}, in ${environment.folder}`,
    ],
    ['python', isProblem ? `none: ${python.message}` : `${python.path} (from ${python.from})`],
    ['servers', servers.length === 0 ? 'none running' : ''],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  const head = lines
    .map(([name, value]) => `${`${colors.bold(name.padEnd(width))}  ${oneLine(value)}`.trimEnd()}\n`)
    .join('');
  const rows = servers.map(({ folder, address, pid, users, keepRunning }) => {
    const life = keepRunning ? 'stays' : 'ends with its last user';
    return `  ${oneLine(folder)}  http://${address}  process ${pid}, ${counted(users, 'user')}, ${life}\n`;
  });
  return head + rows.join('');
}

function tell(line: string): void {
  process.stderr.write(`m2v: ${oneLine(line)}\n`);
}

async function print(text: string): Promise<void> {
  await new StreamSink(process.stdout).write(Buffer.from(text));
}
