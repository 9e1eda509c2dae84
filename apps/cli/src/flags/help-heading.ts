import type { Command } from 'commander';

/** Headings of a command's help below its first options, which are those that people use most. */
export type HelpHeading = 'Reading files:' | 'New collections:' | 'Connection:' | 'Model:' | 'Advanced:';

/** Lists the options that `add` adds under a heading of the help. */
export function underHeading(
  command: Command,
  heading: HelpHeading,
  add: (command: Command) => Command,
): Command {
  const previous = command.optionsGroup();
  return add(command.optionsGroup(heading)).optionsGroup(previous);
}
