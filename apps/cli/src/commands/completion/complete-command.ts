import type { Command } from 'commander';
import { StreamSink } from '../../output/stream-sink.js';
import { completions } from './completions.js';

/** Adds the hidden command that the scripts of `m2v completion` run on each Tab: `m2v complete -- WORDS`. */
export function addCompleteCommand(program: Command, name: string): void {
  program
    .command(name, { hidden: true })
    .argument('[words...]')
    .action(async (words: readonly string[]) => {
      const { candidates, directive } = completions(program, words);
      const lines = candidates.map(({ value, description }) => `${value}\t${description}\n`);
      await new StreamSink(process.stdout).write(Buffer.from(`${lines.join('')}:${directive}\n`));
    });
}
