import { CommanderError } from 'commander';
import { CliError } from './cli-error.js';
import { failureLine } from './remedies/failure-line.js';
import { colorsFor, oneLine, printable } from './terminal.js';
import { wrongCall } from './wrong-call.js';

/** Codes of the packages' errors that blame an argument of the call. */
const WRONG_ARGUMENT_CODES: ReadonlySet<unknown> = new Set(['invalid-argument', 'unknown-kernel']);

/** The call that failed. */
export interface FailedCall {
  /** The command that was called, such as `m2v models`. */
  readonly command: string;
  /** Whether the stack is printed. */
  readonly verbose: boolean;
}

/**
 * Prints an error on standard error: one line, and the stack below it if the call is verbose.
 *
 * @returns the exit code: 2 for a wrong call, 1 for a failure
 */
export async function reportFailure(thrown: unknown, { command, verbose }: FailedCall): Promise<1 | 2> {
  const error = thrown instanceof CommanderError ? wrongCall(thrown, command) : thrown;
  const colors = colorsFor(process.stderr);
  process.stderr.write(`${colors.red('m2v:')} ${oneLine(await lineOf(error))}\n`);
  if (verbose && error instanceof Error) process.stderr.write(`${printable(stackOf(error))}\n`);
  return exitCodeOf(error);
}

/** Returns the stacks of an error and of its causes. */
function stackOf(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\ncaused by: ${stackOf(error.cause)}` : stack;
}

async function lineOf(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof CliError || hasCode(error)) return await failureLine(error);
  return `unexpected ${error.name}: ${error.message}; please report it with the output of --verbose`;
}

function exitCodeOf(error: unknown): 1 | 2 {
  if (error instanceof CliError) return error.exitCode;
  return hasCode(error) && WRONG_ARGUMENT_CODES.has(error.code) ? 2 : 1;
}

function hasCode(error: unknown): error is Error & { readonly code: unknown } {
  return error instanceof Error && 'code' in error;
}
