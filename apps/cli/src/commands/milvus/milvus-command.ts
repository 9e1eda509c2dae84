import { type Command, InvalidArgumentError } from 'commander';
import { addCommonFlags } from '../../flags/model-flags.js';
import type { SetupFlags, StartFlags, StatusFlags, StopFlags } from './milvus-lite-control.js';

/** Adds `m2v milvus`. */
export function addMilvusCommand(program: Command): void {
  const command = program
    .command('milvus')
    .summary('Milvus Lite on this machine')
    .description(
      `Milvus Lite: the vector database in a folder, for one machine. Commands that are given a folder start and stop it by
themselves; these are for setting it up, and for a server that stays.`,
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
      `Makes a Python environment with Milvus Lite in the user's data folder: about 500 MB, a minute or two. Needs
Python 3.10 or newer and pip's network. Where it is made already, nothing is done.`,
    )
    .option('--python <path>', 'Python to make it with (default: M2V_PYTHON, else the first that will do)');
  addCommonFlags(setup).action(async (flags: SetupFlags) => {
    await (await import('./milvus-lite-control.js')).setup(flags);
  });
  const start = command
    .command('start')
    .summary('start a server that stays')
    .description(
      `Starts Milvus Lite on a folder, on 127.0.0.1, and leaves it running until m2v milvus stop. Prints its address.
It has no login: every user of this machine can reach it.`,
    )
    .argument('<folder>', 'data folder, made where it is missing')
    .option('--port <n>', 'port (default: a free one)', port)
    .option('--python <path>', 'Python that has milvus-lite (default: M2V_PYTHON, else what setup made)')
    .option('--json', 'print one JSON object');
  addCommonFlags(start).action(async (folder: string, flags: StartFlags) => {
    await (await import('./milvus-lite-control.js')).start(folder, flags);
  });
  const stop = command
    .command('stop')
    .summary('end a server')
    .description('Ends the server of a folder, also when other programs use it, once its data is written.')
    .argument('[folder]', 'data folder')
    .option('--all', 'end every server of yours');
  addCommonFlags(stop).action(async (folder: string | undefined, flags: StopFlags) => {
    await (await import('./milvus-lite-control.js')).stop(folder, flags);
  });
  const status = command
    .command('status')
    .summary('what is set up and what runs')
    .description('Tells which Python runs Milvus Lite, and which servers of yours run.')
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
