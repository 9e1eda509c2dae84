import type { CreateCollectionOptions } from '@model2vec-ts/milvus-adapter';
import { type Command, Option } from 'commander';
import { underHeading } from './help-heading.js';
import { addHiddenAliases } from './hidden-alias.js';

/** Flags that describe a new collection. */
export interface CreationFlags {
  readonly vectorType?: NonNullable<CreateCollectionOptions['vectorType']>;
  readonly metric?: NonNullable<CreateCollectionOptions['metric']>;
  readonly fullText: boolean;
  readonly force?: boolean;
}

/** Adds the flags of {@link CreationFlags}. */
export function addCreationFlags(command: Command): Command {
  underHeading(command, 'New collections:', () =>
    command
      .addOption(
        new Option('--vector-type <type>', 'type of the stored vectors (default: float32)').choices([
          'float32',
          'float16',
          'bfloat16',
          'int8',
          'binary',
        ]),
      )
      .addOption(
        new Option('--metric <metric>', 'distance between vectors (default: COSINE)').choices([
          'COSINE',
          'IP',
          'L2',
          'HAMMING',
        ]),
      )
      .option('--no-full-text', 'create the collection without full-text search'),
  );
  addHiddenAliases(command, '--no-full-text', '--no-words');
  return underHeading(command, 'Advanced:', () =>
    command.option('--force', 'use a collection that another model or program filled'),
  );
}

/** Converts the flags to options of the adapter. */
export function creationOptions(
  flags: CreationFlags & { readonly idType: 'varchar' | 'int64' },
): Partial<CreateCollectionOptions> {
  return {
    ...(flags.idType === 'int64' && { key: { field: 'id', type: 'int64' } as const }),
    ...(flags.vectorType !== undefined && { vectorType: flags.vectorType }),
    ...(flags.metric !== undefined && { metric: flags.metric }),
    ...(flags.fullText ? {} : { fullText: false }),
    ...(flags.force === true && { force: true }),
  };
}
