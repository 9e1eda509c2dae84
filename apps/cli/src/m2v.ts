#!/usr/bin/env node
import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { removeUnfinished } from './output/unfinished-files.js';
import { COMPLETE, calledCommand, createProgram } from './program.js';
import { type FailedCall, reportFailure } from './terminal/failure-report.js';
import { fileError, systemErrorCode } from './terminal/file-error.js';
import { isFinishing } from './terminal/interruption.js';

// Deprecation warnings of libraries address their authors, not the users of this program.
process.noDeprecation = true;

const words = flagWords(process.argv.slice(2));
const call: { command: string; readonly verbose: boolean } = {
  command: 'm2v',
  verbose: words.includes('--verbose'),
} satisfies FailedCall;

/** Whether the work has ended. */
let settled = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isFinishing(signal)) return;
    removeUnfinished();
    // The exit code that shells give a program ended by a signal.
    process.exit(128 + constants.signals[signal]);
  });
}

process.stdout.on('error', async (error) => {
  removeUnfinished();
  // The reader closed the pipe because it has enough, as in `m2v … | head -1`.
  if (systemErrorCode(error) === 'EPIPE') {
    settled = true;
    process.exit(0);
  }
  process.exit(await reportFailure(fileError('write', 'standard output', error), call));
});

// stderr is closed; there is nowhere left to report.
process.stderr.on('error', () => undefined);

// A rejection that nothing handled, or an error in a callback, is a bug; it still ends with one line and a known code.
process.on('uncaughtException', async (error) => {
  removeUnfinished();
  process.exit(await reportFailure(error, call));
});

process.on('exit', (code) => {
  if (settled || code !== 0) return;
  process.stderr.write('m2v: unexpected: the work stopped without a result; please report it\n');
  process.exitCode = 1;
});

// At the top level, `await` would end a run whose work never settles with Node's own code 13.
void run().then(() => {
  settled = true;
});

async function run(): Promise<void> {
  try {
    const program = await createProgram(words);
    call.command = calledCommand(program, words);
    await program.parseAsync();
  } catch (error) {
    const answered = error instanceof CommanderError && error.exitCode === 0;
    if (!answered) process.exitCode = await reportFailure(error, call);
  }
}

/** Returns the words before `--`: what follows it is text, except that shell completion passes the whole line there. */
function flagWords(given: readonly string[]): readonly string[] {
  const end = given[0] === COMPLETE ? -1 : given.indexOf('--');
  return end < 0 ? given : given.slice(0, end);
}
