import { type Command, InvalidArgumentError } from 'commander';
import type { PassageOptions } from '../passages/passage-index.js';
import { positiveInteger } from './model-flags.js';

/** Flags that say which files are read and how they are cut. */
export interface PassageFlags {
  readonly glob?: readonly string[];
  readonly hidden?: boolean;
  readonly ignore?: boolean;
  readonly chunkSize: number;
}

/** Characters of a passage without `--chunk-size`: about 200 words or 30 lines of code. */
const DEFAULT_CHUNK_SIZE = 1200;
const LARGEST_CHUNK = 16_000;

/** Adds the flags of {@link PassageFlags}. */
export function addPassageFlags(command: Command): Command {
  return command
    .option(
      '-g, --glob <pattern>',
      "take only files that match, such as '*.ts'; '!*.test.ts' leaves out; can be given several times",
      (glob: string, globs: readonly string[] = []) => [...globs, glob],
    )
    .option('--hidden', 'take hidden files, too')
    .option('--no-ignore', 'take what .gitignore excludes, too')
    .option('--chunk-size <n>', 'characters of a passage, at most', chunkSize, DEFAULT_CHUNK_SIZE);
}

/** The flags as options of an index of passages. */
export function passageOptions({ glob, hidden, ignore, chunkSize: size }: PassageFlags): PassageOptions {
  return {
    chunkSize: size,
    ...(glob !== undefined && { globs: glob }),
    ...(hidden === true && { hidden: true }),
    ...(ignore === false && { ignored: true }),
  };
}

function chunkSize(value: string): number {
  const size = positiveInteger(value);
  if (size > LARGEST_CHUNK) throw new InvalidArgumentError(`Give at most ${LARGEST_CHUNK}.`);
  return size;
}
