import { minilmL6 } from '@model2vec-ts/model-minilm-l6';
import type { KernelName } from '@model2vec-ts/pooling-kernels';
import type { LoadStaticModelOptions, ModelSource } from '@model2vec-ts/static-model';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { UsageError } from '../terminal/cli-error.js';

/** Element types that a table can be converted to, as the reference names them. */
type QuantizeTo = NonNullable<LoadStaticModelOptions['quantizeTo']>;
const QUANTIZE_TO: readonly QuantizeTo[] = ['float16', 'float32', 'float64', 'int8'];

/** What the bundled model is called where a model's source is told. */
export const BUNDLED_MODEL = 'minilm-l6-256-int8 (bundled)';

/** Flags that say where inside a source a model is. */
export interface PlaceFlags {
  readonly revision?: string;
  readonly subfolder?: string;
}

/** Flags that say which model is used and how it is loaded. */
export interface ModelFlags extends PlaceFlags {
  readonly model?: string;
  readonly dimensionality?: number;
  readonly quantizeTo?: QuantizeTo;
}

/** A number of tokens, or no limit. The argument parser takes a `null` for an empty value, hence the word. */
export type MaxLength = number | 'none';

/** Flags that say how texts become vectors. */
export interface EncodeFlags extends ModelFlags {
  readonly maxLength?: MaxLength;
  readonly normalize?: boolean;
  readonly kernel?: 'auto' | KernelName;
  readonly batchSize: number;
  readonly threads?: 'auto' | number;
}

/** Texts embedded at a time where the call does not say: the reference's default. */
const DEFAULT_BATCH_SIZE = 1024;

/** Adds the flags of {@link PlaceFlags}. */
export function addPlaceFlags(command: Command): Command {
  return command
    .option('--revision <name>', 'branch, tag, refs/pr/1 or commit of a Hub model (default: main)')
    .option('--subfolder <path>', "folder of the model inside the source, such as 'models/small'");
}

/** Adds the flags of {@link ModelFlags}. */
export function addModelFlags(command: Command): Command {
  return addPlaceFlags(
    command.option(
      '--model <source>',
      'folder, URL or Hub id org/name of a model (default: the bundled one)',
    ),
  )
    .option('--dimensionality <n>', 'keep the first n dimensions of each vector', positiveInteger)
    .addOption(
      new Option('--quantize-to <dtype>', "convert the model's table when it is loaded").choices(QUANTIZE_TO),
    );
}

/** Adds the flags of {@link EncodeFlags}. */
export function addEncodeFlags(command: Command): Command {
  return addModelFlags(command)
    .option(
      '--max-length <n>',
      "tokens kept of each text, or 'none' for all (default: the model's)",
      maxLength,
    )
    .option('--normalize', "scale vectors to length 1 (default: the model's setting)")
    .option('--no-normalize', 'leave vectors as long as they are')
    .option(
      '--kernel <name>',
      'implementation that pools vectors, of those that m2v info --kernels lists (default: auto)',
    )
    .option('--batch-size <n>', 'texts embedded at a time', positiveInteger, DEFAULT_BATCH_SIZE)
    .option(
      '--threads <n>',
      "threads that large inputs are embedded on, or 'auto' for one a core (default: auto)",
      threadCount,
    );
}

/** Adds the flags that every command has. */
export function addCommonFlags(command: Command): Command {
  return command
    .option('--verbose', 'add the stack to an error')
    .option('--quiet', 'print nothing but results and errors');
}

/** Where the model is. */
export function modelSource({ model, revision }: ModelFlags): ModelSource {
  if (model === undefined && revision !== undefined) {
    throw new UsageError('--revision is of a Hub model, and the bundled one is used; name it with --model');
  }
  return model ?? minilmL6;
}

/** What the model is called in what is printed. */
export function modelName({ model }: ModelFlags): string {
  return model ?? BUNDLED_MODEL;
}

/** {@link PlaceFlags} as options of the packages that load a model; absent where the call says nothing. */
export function placeOptions({
  revision,
  subfolder,
}: PlaceFlags): Pick<LoadStaticModelOptions, 'revision' | 'subfolder'> {
  return {
    ...(revision !== undefined && { revision }),
    ...(subfolder !== undefined && { subfolder }),
  };
}

/** The flags as options of the packages that load a model; absent where the call says nothing. */
export function loadOptions(
  flags: ModelFlags,
): Pick<LoadStaticModelOptions, 'revision' | 'subfolder' | 'dimensionality' | 'quantizeTo'> {
  return {
    ...placeOptions(flags),
    ...(flags.dimensionality !== undefined && { dimensionality: flags.dimensionality }),
    ...(flags.quantizeTo !== undefined && { quantizeTo: flags.quantizeTo }),
  };
}

/** Reads a whole number above zero. */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number)) {
    throw new InvalidArgumentError('Give a whole number from 1 on.');
  }
  return number;
}

/** Reads a number of threads, or `auto`. */
function threadCount(value: string): 'auto' | number {
  return value === 'auto' ? value : positiveInteger(value);
}

/** Reads a number of tokens, 0 included as in the reference, or `none` for no limit. */
export function maxLength(value: string): MaxLength {
  if (value === 'none') return value;
  if (value === '0') return 0;
  try {
    return positiveInteger(value);
  } catch {
    throw new InvalidArgumentError("Give a whole number, or 'none'.");
  }
}

/** The limit as the packages take it. */
export function tokenLimit(length: MaxLength): number | null {
  return length === 'none' ? null : length;
}
