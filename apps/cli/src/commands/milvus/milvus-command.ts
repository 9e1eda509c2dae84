import { type Command, InvalidArgumentError } from 'commander';
import { addCommonFlags } from '../../flags/model-flags.js';
import type { SetupFlags, StartFlags, StatusFlags, StopFlags } from './milvus-lite-control.js';

/** Adds `m2v milvus`. */
export function addMilvusCommand(program: Command): void {
  const command = program
    .command('milvus')
    .summary('install, start and stop Milvus Lite')
    .description(
      `Manages Milvus Lite, the vector database in a folder, for one machine. Commands with a folder as --milvus start and
stop it by themselves; use these to install it, and to keep a server running.`,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ m2v milvus setup
  $ m2v milvus start ./milvus.db
  $ m2v milvus status
  $ m2v milvus stop ./milvus.db`,
    );
  const setup = command
    .command('setup')
    .summary('install Milvus Lite for this user')
    .description(
      `Creates a Python environment with Milvus Lite in the user's data folder: about 500 MB, a minute or two. Needs
Python 3.10 or newer and access to PyPI. Does nothing if the environment exists.`,
    )
    .option('--python <path>', 'Python that creates it (default: M2V_PYTHON, else the first suitable one)');
  addCommonFlags(setup).action(async (flags: SetupFlags) => {
    await (await import('./milvus-lite-control.js')).setup(flags);
  });
  const start = command
    .command('start')
    .summary('start a server that keeps running')
    .description(
      `Starts Milvus Lite on a folder, on 127.0.0.1, and leaves it running until m2v milvus stop. Prints its address.
The server has no login: every user of this machine can reach it.`,
    )
    .argument('<folder>', 'data folder; created if it does not exist')
    .option('--port <n>', 'port (default: a free one)', port)
    .option(
      '--python <path>',
      'Python with milvus-lite (default: M2V_PYTHON, else the one from m2v milvus setup)',
    )
    .option('--json', 'print one JSON object');
  addCommonFlags(start).action(async (folder: string, flags: StartFlags) => {
    await (await import('./milvus-lite-control.js')).start(folder, flags);
  });
  const stop = command
    .command('stop')
    .summary('stop a server')
    .description('Stops the server of a folder once its data is written, even if other programs use it.')
    .argument('[folder]', 'data folder')
    .option('--all', 'stop all your servers');
  addCommonFlags(stop).action(async (folder: string | undefined, flags: StopFlags) => {
    await (await import('./milvus-lite-control.js')).stop(folder, flags);
  });
  const status = command
    .command('status')
    .summary('show the installation and running servers')
    .description('Shows which Python runs Milvus Lite, and your running servers.')
    .option('--json', 'print one JSON object');
  addCommonFlags(status).action(async (flags: StatusFlags) => {
    await (await import('./milvus-lite-control.js')).status(flags);
  });
}

export function port(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || number > 65_535) {
    throw new InvalidArgumentError('Give a number from 1 to 65535.');
  }
  return number;
}
