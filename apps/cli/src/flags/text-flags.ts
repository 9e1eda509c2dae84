import { type Command, Option } from 'commander';
import type { TextSourceOptions } from '../input/text-source.js';

/** Adds the texts and the flags of {@link TextSourceOptions}. */
export function addTextFlags(command: Command): Command {
  return command
    .argument('[texts...]', "texts; '-' for standard input")
    .option(
      '-i, --input <file>',
      "file of texts, a line each, or .jsonl; '-' for standard input; can be given several times",
      (file: string, files: readonly string[] = []) => [...files, file],
    )
    .addOption(
      new Option('--input-format <format>', "what the input is (default: by the file's name)").choices([
        'text',
        'jsonl',
      ]),
    )
    .option('--field <name>', 'field of a JSON Lines object that holds the text (default: text)');
}

export type { TextSourceOptions as TextFlags };
