import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from './program.js';

/** Every command and subcommand, by the words that call it. */
const commands = new Map<string, Command>();
const overview = await createProgram([]);
for (const name of overview.commands.map((command) => command.name())) {
  const program = await createProgram([name]);
  for (const command of program.commands) if (command.name() === name) add(name, command);
}

function add(words: string, command: Command): void {
  commands.set(words, command);
  for (const each of command.commands) add(`${words} ${each.name()}`, each);
}

/** The options that a help lists under each heading. */
function optionsByHeading(help: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  let options: string[] = [];
  for (const line of help.split('\n')) {
    if (/^[A-Z][\w ]*:$/.test(line)) {
      options = [];
      found.set(line, options);
    } else if (/^ {2}-/.test(line)) options.push(line.trim().split('  ')[0]!);
  }
  return found;
}

const HEADINGS = ['Options:', 'Reading files:', 'New collections:', 'Connection:', 'Model:', 'Advanced:'];

describe('the help of every command', () => {
  it.each([...commands])('m2v %s lists at most ten options before the headings', (_, command) => {
    const options = optionsByHeading(command.helpInformation()).get('Options:') ?? [];
    expect(options.length, options.join('\n')).toBeLessThanOrEqual(10);
  });

  it.each([...commands])('m2v %s has the headings of the other commands, in the same order', (_, command) => {
    const headings = [...optionsByHeading(command.helpInformation())]
      .filter(([, options]) => options.length > 0)
      .map(([heading]) => heading);
    expect(headings).toEqual(HEADINGS.filter((heading) => headings.includes(heading)));
  });

  it.each(overview.commands.map((command) => command.name()))(
    'm2v %s has the same summary in the overview',
    (name) => {
      const listed = overview.commands.find((command) => command.name() === name)!;
      expect(commands.get(name)!.summary()).toBe(listed.summary());
    },
  );

  it('starts each summary with a verb in lower case and ends it without a full stop', () => {
    for (const [words, command] of commands) expect(command.summary(), words).toMatch(/^[a-z]+,? .*[^.]$/);
  });
});
