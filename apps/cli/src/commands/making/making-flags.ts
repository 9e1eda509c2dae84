import type { QuantizedDtype } from '@model2vec-ts/static-model';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { underHeading } from '../../flags/help-heading.js';
import { positiveInteger } from '../../flags/model-flags.js';
import { addInputFlags, type InputFlags } from '../../flags/reading-flags.js';

/** Flags of the commands that load a teacher. */
export interface TeacherFlags {
  readonly teacherRevision?: string;
  readonly cacheDir?: string;
  readonly cache?: boolean;
}

/** Flags of the commands that make models. */
export interface MakingFlags extends TeacherFlags {
  readonly dtype?: QuantizedDtype;
  readonly teacherName?: string;
  readonly prompt?: string;
  readonly threads?: number;
  readonly quiet?: boolean;
}

/** Flags that name the texts a model is adapted to. */
export interface TextsFlags extends InputFlags {
  readonly texts?: readonly string[];
  readonly own?: readonly string[];
  readonly ownWeight?: number;
  readonly sentences?: boolean;
  readonly lambda?: number;
}

const DTYPES: readonly QuantizedDtype[] = ['float16', 'float32', 'float64', 'int8'];

/** Adds the flags of {@link TextsFlags}. */
export function addTextsFlags(command: Command): Command {
  command
    .option('--texts <files...>', 'texts to adapt to: files, folders or patterns, as m2v index reads them')
    .option('--own <files...>', 'documents of the collection that will be searched; they count more');
  addInputFlags(command);
  return underHeading(command, 'Advanced:', () =>
    command
      .option('--own-weight <n>', 'times that an own document counts (default: 3)', positive)
      .option('--no-sentences', 'leave out the sentences of long own documents')
      .option(
        '--lambda <number>',
        'weight of the start against the texts (default: chosen on texts that are held out)',
        positive,
      ),
  );
}

/** Adds the flags of {@link TeacherFlags}. */
export function addTeacherFlags(command: Command): Command {
  return underHeading(command, 'Advanced:', () =>
    command
      .option('--teacher-revision <name>', 'branch, tag or commit of a teacher of the Hub (default: main)')
      .option(
        '--cache-dir <folder>',
        "folder that keeps the teacher's vectors (default: the user's cache folder)",
      )
      .option('--no-cache', "do not keep the teacher's vectors"),
  );
}

/** Adds the flags of {@link MakingFlags}. */
export function addMakingFlags(command: Command): Command {
  command.addOption(
    new Option('--dtype <dtype>', 'element type of the table (default: float16)').choices(DTYPES),
  );
  addTeacherFlags(command);
  return underHeading(command, 'Advanced:', () =>
    command
      .option('--teacher-name <name>', "name of the teacher in the model's config (default: as it is given)")
      .option(
        '--prompt <name>',
        "name of the teacher's prompt to put before each text (default: the teacher's)",
      )
      .option('--threads <n>', 'threads to use (default: one per core)', positiveInteger),
  );
}

function positive(value: string): number {
  const number = Number(value);
  if (number > 0 && number < Number.POSITIVE_INFINITY) return number;
  throw new InvalidArgumentError('Give a number above 0.');
}
