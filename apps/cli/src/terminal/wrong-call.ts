import type { CommanderError } from 'commander';
import { UsageError } from './cli-error.js';

/**
 * Converts an error of the argument parser to one line in the program's own form.
 *
 * @param command - the command that was called, such as `m2v models`
 */
export function wrongCall(error: CommanderError, command: string): UsageError {
  if (error.code === 'commander.help') {
    const first = command === 'm2v' ? '; begin with m2v demo, or' : ';';
    return new UsageError(`the command is missing${first} see ${command} --help`, { cause: error });
  }
  // The parser gives text only: `error: …`, with a suggestion on a second line.
  const [, text = error.message, suggestion] =
    /^(?:error: )?(.*?)\s*(?:\(Did you mean (.*?)\?\))?\s*$/s.exec(error.message) ?? [];
  if (suggestion !== undefined) {
    return new UsageError(text, { cause: error, remedy: { code: 'use-instead', suggestion } });
  }
  if (/[.?]$/.test(text)) return new UsageError(text, { cause: error });
  return new UsageError(text, { cause: error, remedy: { code: 'see-help', command } });
}
