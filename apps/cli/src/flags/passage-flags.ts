import { type Command, InvalidArgumentError } from 'commander';
import type { PassageOptions } from '../passages/passage-index.js';
import { underHeading } from './help-heading.js';
import { positiveInteger } from './model-flags.js';

/** Flags that choose files and split them. */
export interface PassageFlags {
  readonly glob?: readonly string[];
  readonly hidden?: boolean;
  readonly ignore?: boolean;
  readonly chunkSize: number;
}

/** Default characters per passage: about 200 words or 30 lines of code. */
const DEFAULT_CHUNK_SIZE = 1200;
const LARGEST_CHUNK = 16_000;

/** Adds the flags of {@link PassageFlags}. */
export function addPassageFlags(command: Command): Command {
  command.option(
    '-g, --glob <pattern>',
    "search only files that match, such as '*.ts'; '!*.test.ts' excludes; can be repeated",
    (glob: string, globs: readonly string[] = []) => [...globs, glob],
  );
  return underHeading(command, 'Reading files:', (reading) =>
    reading
      .option('--hidden', 'include hidden files')
      .option('--no-ignore', 'include files that .gitignore excludes')
      .option('--chunk-size <n>', 'most characters per passage', chunkSize, DEFAULT_CHUNK_SIZE),
  );
}

/** Converts the flags to options of a passage index. */
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
