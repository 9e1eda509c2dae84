import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import type { KernelName } from '@model2vec-ts/pooling-kernels';
import type { LoadStaticModelOptions, ModelSource } from '@model2vec-ts/static-model';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../terminal/cli-error.js';
import { underHeading } from './help-heading.js';

/** Element types that a table can be converted to, named as in Python. */
type QuantizeTo = NonNullable<LoadStaticModelOptions['quantizeTo']>;
const QUANTIZE_TO: readonly QuantizeTo[] = ['float16', 'float32', 'float64', 'int8'];

/** Name of the bundled model in output. */
const BUNDLED_MODEL = 'minilm-l6-256-int8 (bundled)';

/** Flags that locate a model inside its source. */
export interface PlaceFlags {
  readonly revision?: string;
  readonly subfolder?: string;
}

/** Flags that choose a model and how it is loaded. */
export interface ModelFlags extends PlaceFlags {
  readonly model?: string;
  readonly dimensionality?: number;
  readonly quantizeTo?: QuantizeTo;
}

/**
 * A number of tokens, or no limit. `'none'` instead of `null`, because the argument parser reads `null` as an empty
 * value.
 */
export type MaxLength = number | 'none';

/** Flags that determine how texts become vectors. */
export interface EncodeFlags extends ModelFlags {
  readonly maxLength?: MaxLength;
  readonly normalize?: boolean;
  readonly kernel?: 'auto' | KernelName;
  readonly batchSize: number;
  readonly threads?: 'auto' | number;
}

/** Texts embedded at a time, as in Python. */
const DEFAULT_BATCH_SIZE = 1024;

/** Adds the flags of {@link PlaceFlags}. */
export function addPlaceFlags(command: Command): Command {
  return underHeading(command, 'Model:', () =>
    command
      .option('--revision <name>', 'branch, tag, refs/pr/1 or commit of a Hub model (default: main)')
      .option('--subfolder <path>', "folder of the model inside the source, such as 'models/small'"),
  );
}

/** Adds the flags of {@link ModelFlags}. */
export function addModelFlags(command: Command): Command {
  command.option('--model <source>', 'folder, URL or Hub id org/name of a model (default: the bundled one)');
  return underHeading(addPlaceFlags(command), 'Model:', () =>
    command
      .option('--dimensionality <n>', 'keep the first n dimensions of each vector', positiveInteger)
      .addOption(
        new Option('--quantize-to <dtype>', "convert the model's table when it is loaded").choices(
          QUANTIZE_TO,
        ),
      ),
  );
}

/** Adds the flags of {@link EncodeFlags}. */
export function addEncodeFlags(command: Command): Command {
  underHeading(addModelFlags(command), 'Model:', () =>
    command
      .option(
        '--max-length <n>',
        "keep the first n tokens of each text, or 'none' for all (default: the model's limit)",
        maxLength,
      )
      .option('--normalize', "scale vectors to length 1 (default: the model's setting)")
      .option('--no-normalize', 'leave the length of vectors as it is'),
  );
  return underHeading(command, 'Advanced:', () =>
    command
      .option('--kernel <name>', 'kernel that pools vectors; m2v info --kernels lists them (default: auto)')
      .option('--batch-size <n>', 'texts embedded at a time', positiveInteger, DEFAULT_BATCH_SIZE)
      .option(
        '--threads <n>',
        "threads for large inputs, or 'auto' for one per core (default: auto)",
        threadCount,
      ),
  );
}

/** Adds the flags that every command has. */
export function addCommonFlags(command: Command): Command {
  command.option('--quiet', 'print results and errors only');
  return underHeading(command, 'Advanced:', () => command.option('--verbose', 'print the stack of an error'));
}

/** Returns the source of the model. */
export function modelSource({ model, revision }: ModelFlags): ModelSource {
  if (model === undefined && revision !== undefined) {
    throw new UsageError('--revision is for Hub models, and the bundled model is in use', {
      remedy: { code: 'pass-flag', flag: '--model', effect: 'to name a Hub model' },
    });
  }
  return model ?? minilmL6;
}

/** Returns the model's name for output. */
export function modelName({ model }: ModelFlags): string {
  return model ?? BUNDLED_MODEL;
}

/** Converts {@link PlaceFlags} to options of the packages that load a model. */
export function placeOptions({
  revision,
  subfolder,
}: PlaceFlags): Pick<LoadStaticModelOptions, 'revision' | 'subfolder'> {
  return {
    ...(revision !== undefined && { revision }),
    ...(subfolder !== undefined && { subfolder }),
  };
}

/** Converts the flags to options of the packages that load a model. */
export function loadOptions(
  flags: ModelFlags,
): Pick<LoadStaticModelOptions, 'revision' | 'subfolder' | 'dimensionality' | 'quantizeTo'> {
  return {
    ...placeOptions(flags),
    ...(flags.dimensionality !== undefined && { dimensionality: flags.dimensionality }),
    ...(flags.quantizeTo !== undefined && { quantizeTo: flags.quantizeTo }),
  };
}

/** Parses a whole number above zero. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('Give a whole number of at least 1.');
  }
  return number;
}

/** Parses a number of threads, or `auto`. */
function threadCount(value: string): 'auto' | number {
  return value === 'auto' ? value : positiveInteger(value);
}

/** Parses a number of tokens, or `none` for no limit; 0 is allowed, as in Python. */
export function maxLength(value: string): MaxLength {
  if (value === 'none') return value;
  if (value === '0') return 0;
  try {
    return positiveInteger(value);
  } catch {
    throw new InvalidArgumentError("Give a whole number, or 'none'.");
  }
}

/** Converts the limit to the form of the packages. */
export function tokenLimit(length: MaxLength): number | null {
  return length === 'none' ? null : length;
}
