import type { Argument, Command, Option } from 'commander';

/** A word that the shell suggests. */
interface Completion {
  readonly value: string;
  readonly description: string;
}

/** Actions of a shell besides suggesting words: the codes of Cobra's protocol, which the scripts implement. */
const FILES = 0;
const NO_FILES = 4;
const FOLDERS = 16;

export interface Completions {
  readonly candidates: readonly Completion[];
  readonly directive: typeof FILES | typeof NO_FILES | typeof FOLDERS;
}

/** Names of values that are files or folders. */
const FILE_VALUE = /^(?:file|files|path|source|model|address)$/;
const FOLDER_VALUE = /^folder$/;

/**
 * Returns the possible last words: subcommands, flags, or values of a flag or argument.
 *
 * @param words - the words after the program's name; the last one is being typed and may be empty
 */
export function completions(program: Command, words: readonly string[]): Completions {
  const current = words.at(-1) ?? '';
  const { command, operands, pending, endOfFlags } = read(program, words.slice(0, -1));
  if (pending !== undefined) return values(pending.argChoices, valueName(pending.flags), current);
  const equals = current.indexOf('=');
  if (!endOfFlags && current.startsWith('--') && equals > 0) {
    const option = find(command, current.slice(0, equals));
    if (option === undefined || !takesValue(option)) return { candidates: [], directive: NO_FILES };
    return values(option.argChoices, valueName(option.flags), current.slice(equals + 1));
  }
  if (!endOfFlags && current.startsWith('-')) {
    return { candidates: matching(flags(command), current), directive: NO_FILES };
  }
  const { commands } = command;
  if (commands.length > 0 && operands === 0) {
    return { candidates: matching(subcommands(command), current), directive: NO_FILES };
  }
  const argument = argumentAt(command, operands);
  if (argument === undefined) return { candidates: [], directive: NO_FILES };
  return values(argument.argChoices, argument.name(), current);
}

interface Position {
  readonly command: Command;
  /** Number of the command's arguments so far. */
  readonly operands: number;
  /** The option that expects the next word as its value. */
  readonly pending: Option | undefined;
  /** Whether one of the words is `--`. */
  readonly endOfFlags: boolean;
}

/** Follows the words from the program to the command that the next word belongs to. */
function read(program: Command, words: readonly string[]): Position {
  let command = program;
  let operands = 0;
  let pending: Option | undefined;
  let endOfFlags = false;
  for (const word of words) {
    if (pending !== undefined) pending = undefined;
    else if (!endOfFlags && word === '--') endOfFlags = true;
    else if (!endOfFlags && word.startsWith('-') && word !== '-') {
      const option = find(command, word);
      if (option !== undefined && takesValue(option)) pending = option;
    } else {
      const next = operands === 0 ? command.commands.find((each) => each.name() === word) : undefined;
      if (next === undefined) operands++;
      else command = next;
    }
  }
  return { command, operands, pending, endOfFlags };
}

function values(choices: readonly string[] | undefined, name: string, current: string): Completions {
  if (choices !== undefined) {
    const all = choices.map((value) => ({ value, description: '' }));
    return { candidates: matching(all, current), directive: NO_FILES };
  }
  if (FOLDER_VALUE.test(name)) return { candidates: [], directive: FOLDERS };
  return { candidates: [], directive: FILE_VALUE.test(name) ? FILES : NO_FILES };
}

function subcommands(command: Command): Completion[] {
  const shown = command.createHelp().visibleCommands(command);
  return shown.map((each) => ({ value: each.name(), description: each.summary() || each.description() }));
}

function flags(command: Command): Completion[] {
  const shown = command.createHelp().visibleOptions(command);
  return shown.flatMap(({ long, short, description }) => {
    const value = long ?? short;
    return value === undefined ? [] : [{ value, description }];
  });
}

function find(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => flag === long || flag === short);
}

function takesValue({ required, optional }: Option): boolean {
  return required || optional;
}

/** Returns `file` of `-o, --output <file>`. */
function valueName(flags: string): string {
  return /[<[]([^\]>.]+)/.exec(flags)?.[1] ?? '';
}

function argumentAt({ registeredArguments }: Command, index: number): Argument | undefined {
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

function matching(all: readonly Completion[], start: string): Completion[] {
  return all.filter(({ value }) => value.startsWith(start));
}
