import { type Command, Help, type Option } from 'commander';

/** Headings of a command's help below its first options, which are those that people use most. */
const HEADINGS = ['Reading files:', 'New collections:', 'Connection:', 'Model:', 'Advanced:'] as const;

/** One of the headings of help. */
export type HelpHeading = (typeof HEADINGS)[number];

/** Lists the options that `add` adds under a heading of the help. */
export function underHeading(
  command: Command,
  heading: HelpHeading,
  add: (command: Command) => Command,
): Command {
  const previous = command.optionsGroup();
  return add(command.optionsGroup(heading)).optionsGroup(previous);
}

/** Groups items of help as the parser's library does, but with the headings in one order for every command. */
export function inHeadingOrder<T extends Command | Option>(
  ...given: Parameters<typeof Help.prototype.groupItems<T>>
): Map<string, T[]> {
  const groups = Help.prototype.groupItems<T>(...given);
  const place = (heading: string): number => (HEADINGS as readonly string[]).indexOf(heading);
  return new Map([...groups].sort(([a], [b]) => place(a) - place(b)));
}
