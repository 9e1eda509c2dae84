import type { Command } from 'commander';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags } from '../../flags/model-flags.js';
import type { CollectionsFlags, DropFlags } from './collection-listing.js';

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
