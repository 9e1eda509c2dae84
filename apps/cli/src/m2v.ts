#!/usr/bin/env node
import { constants } from 'node:os';
import { CommanderError } from 'commander';
import { removeUnfinished } from './output/unfinished-files.js';
import { createProgram } from './program.js';
import { reportFailure } from './terminal/failure-report.js';
import { fileError, systemErrorCode } from './terminal/file-error.js';
import { isFinishing } from './terminal/interruption.js';

// Deprecations inside libraries are for their authors, not for whoever reads the terminal.
process.noDeprecation = true;

const words = process.argv.slice(2, endOfFlags(process.argv));
const verbose = words.includes('--verbose');

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (isFinishing(signal)) return;
    removeUnfinished();
    // What the shell makes of a program that a signal ended.
    process.exit(128 + constants.signals[signal]);
  });
}

process.stdout.on('error', (error) => {
  removeUnfinished();
  // The reader has what it wanted, as in `m2v … | head -1`.
  process.exit(
    systemErrorCode(error) === 'EPIPE'
      ? 0
      : reportFailure(fileError('write', 'standard output', error), verbose),
  );
});

// Nobody is left to be told of what could not be said.
process.stderr.on('error', () => undefined);

try {
  await (await createProgram(words)).parseAsync();
} catch (error) {
  const answered = error instanceof CommanderError && error.exitCode === 0;
  if (!answered) process.exitCode = reportFailure(error, verbose);
}

/** Where the flags end and everything is a text. */
function endOfFlags(words: readonly string[]): number {
  const index = words.indexOf('--');
  return index < 0 ? words.length : index;
}
