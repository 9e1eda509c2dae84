import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addDemoCommand } from './demo-command.js';
import { addEmbedCommand } from './embed-command.js';
import { addInfoCommand } from './info-command.js';
import { addSimilarityCommand } from './similarity-command.js';
import { addTokenizeCommand } from './tokenize-command.js';

/** Describes the whole command line; a wrong call ends in an exception, not in `process.exit`. */
export function createProgram(): Command {
  const program = new Command('m2v')
    .description(
      'Model2Vec static embeddings in the terminal: the vectors of Python model2vec, with no download.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // The one line on standard error is written where every error is, not by the parser.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  $ m2v demo
  $ m2v embed "a cat" "a kitten"
  $ m2v embed --input texts.txt --output embeddings.npy
  $ m2v embed --help

Exit codes: 0 done, 1 failed, 2 wrong call, 130 interrupted.`,
    );
  addEmbedCommand(program);
  addTokenizeCommand(program);
  addSimilarityCommand(program);
  addInfoCommand(program);
  addDemoCommand(program);
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String((manifest as { readonly version: unknown }).version);
}
