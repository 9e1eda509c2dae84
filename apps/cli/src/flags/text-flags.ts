import type { Command } from 'commander';
import type { TextSourceOptions } from '../input/text-source.js';
import { addHiddenAliases } from './hidden-alias.js';
import { addInputFlags } from './reading-flags.js';

/** Adds the texts and the flags of {@link TextSourceOptions}. */
export function addTextFlags(command: Command): Command {
  command
    .argument('[texts...]', "texts; '-' for standard input")
    .option(
      '-i, --input <file>',
      "file, folder or pattern to read texts from; '-' for standard input; can be repeated",
      (file: string, files: readonly string[] = []) => [...files, file],
    );
  return addHiddenAliases(addInputFlags(command), '--text-field', '--field <name>');
}

export type { TextSourceOptions as TextFlags };
