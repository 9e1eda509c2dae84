import { CommanderError } from 'commander';
import { CliError, UsageError } from './cli-error.js';
import { colorsFor, oneLine } from './terminal.js';

/** Codes of the packages' errors that say that an argument was wrong, not the world. */
const WRONG_ARGUMENT_CODES: ReadonlySet<unknown> = new Set(['invalid-argument', 'unknown-kernel']);

/**
 * Tells of an error on standard error: one line, and the stack under it for those who asked.
 *
 * @returns the exit code: 2 for a wrong call, 1 for a failure
 */
export function reportFailure(thrown: unknown, verbose: boolean): number {
  const error = thrown instanceof CommanderError ? wrongCall(thrown) : thrown;
  const colors = colorsFor(process.stderr);
  process.stderr.write(`${colors.red('m2v:')} ${oneLine(messageOf(error))}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
  return exitCodeOf(error);
}

/** The stack of an error and of each cause behind it. */
function stackOf(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\ncaused by: ${stackOf(error.cause)}` : stack;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof CliError || hasCode(error)) return error.message;
  // What nobody foresaw is a fault of this program; the reader should know that, and how to report it.
  return `unexpected ${error.name}: ${error.message}; please report it with the output of --verbose`;
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CliError) return error.exitCode;
  return hasCode(error) && WRONG_ARGUMENT_CODES.has(error.code) ? 2 : 1;
}

function hasCode(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && 'code' in error;
}

/** The argument parser's complaint, as one line in the program's own form. */
function wrongCall(error: CommanderError): UsageError {
  if (error.code === 'commander.help') {
    return new UsageError('the command is missing or unknown; begin with m2v demo, or see m2v --help', {
      cause: error,
    });
  }
  const message = error.message
    .replace(/^error: /, '')
    .replace(/\s*\(Did you mean (.*?)\?\)\s*$/s, '; did you mean $1?')
    .trim();
  return new UsageError(/[.?]$/.test(message) ? message : `${message}; see m2v --help`, { cause: error });
}
