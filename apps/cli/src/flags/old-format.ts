import type { Command } from 'commander';
import { INPUT_FORMATS } from '../input/input-format.js';

/** Lets `--format` also name the format of the input, as it did before `--input-format`; help does not mention it. */
export function acceptInputFormats(command: Command): void {
  const option = command.options.find(({ long }) => long === '--format');
  if (option === undefined) throw new TypeError(`${command.name()} has no option --format`);
  const parse = option.parseArg;
  const choices: ReadonlySet<string> = new Set(option.argChoices);
  const inputs: ReadonlySet<string> = new Set(INPUT_FORMATS);
  option.parseArg = <T>(value: string, previous: T): T => {
    if (choices.has(value) || !inputs.has(value)) return parse?.(value, previous) as T;
    command.setOptionValueWithSource('inputFormat', value, 'cli');
    return previous;
  };
}
