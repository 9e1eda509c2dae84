import type { CreateOptions } from '@model2vec-ts/milvus-adapter';
import { type Command, Option } from 'commander';

/** Flags that say what a new collection is like. */
export interface CreationFlags {
  readonly vectorType?: NonNullable<CreateOptions['vectorType']>;
  readonly metric?: NonNullable<CreateOptions['metric']>;
  readonly words: boolean;
  readonly force?: boolean;
}

/** Adds the flags of {@link CreationFlags}. */
export function addCreationFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--vector-type <type>', 'how a new collection stores vectors (default: float32)').choices([
        'float32',
        'float16',
        'bfloat16',
        'int8',
        'binary',
      ]),
    )
    .addOption(
      new Option('--metric <metric>', 'nearness in a new collection (default: COSINE)').choices([
        'COSINE',
        'IP',
        'L2',
        'HAMMING',
      ]),
    )
    .option('--no-words', 'make a new collection without full-text search')
    .option('--force', 'take a collection that another model or program filled');
}

/** The flags as options of the adapter. */
export function creationOptions(
  flags: CreationFlags & { readonly idType: 'varchar' | 'int64' },
): Partial<CreateOptions> {
  return {
    ...(flags.idType === 'int64' && { key: { field: 'id', type: 'int64' } as const }),
    ...(flags.vectorType !== undefined && { vectorType: flags.vectorType }),
    ...(flags.metric !== undefined && { metric: flags.metric }),
    ...(flags.words ? {} : { bm25: false }),
    ...(flags.force === true && { force: true }),
  };
}
