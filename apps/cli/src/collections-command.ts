import type { Command } from 'commander';
import { addConnectionFlags, type ConnectionFlags } from './milvus-flags.js';
import { addCommonFlags } from './model-flags.js';

/** The flags of `m2v collections`. */
export interface CollectionsFlags extends ConnectionFlags {
  readonly in?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The flags of `m2v collections drop`. */
export interface DropFlags extends CollectionsFlags {
  readonly yes?: boolean;
}

/** Adds `m2v collections`. */
export function addCollectionsCommand(program: Command): void {
  const command = program
    .command('collections')
    .summary('what a Milvus holds')
    .description('Lists the collections of a Milvus, and drops them.')
    .addHelpText(
      'after',
      `
Examples:
  $ m2v collections --in ./milvus.db
  $ m2v collections drop notes --in http://localhost:19530`,
    );
  const list = command
    .command('list', { isDefault: true })
    .summary('name, rows, vectors and model of each')
    .description(
      `Lists the collections: rows, dimensions, type and metric of vectors, and the beginning of the fingerprint of the
model that filled each, as m2v info prints it. '~' stands before rows that the server has not counted.`,
    );
  addCommonFlags(addConnectionFlags(list, 'in').option('--json', 'print one JSON array')).action(
    async (flags: CollectionsFlags) => {
      await (await import('./collection-listing.js')).listCollections(flags);
    },
  );
  const drop = command
    .command('drop')
    .summary('delete a collection with all its rows')
    .description('Deletes a collection with all its rows, after asking.')
    .argument('<name>', 'collection');
  addCommonFlags(addConnectionFlags(drop, 'in').option('--yes', 'do not ask')).action(
    async (name: string, flags: DropFlags) => {
      await (await import('./collection-listing.js')).dropCollection(name, flags);
    },
  );
}
