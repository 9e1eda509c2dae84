import type { Command } from 'commander';
import { refuseUnknownSubcommands } from '../../flags/default-subcommand.js';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags } from '../../flags/model-flags.js';
import type { CollectionsFlags, DropFlags } from './collection-listing.js';

/** Adds `m2v collections`. */
export function addCollectionsCommand(program: Command): void {
  const command = program
    .command('collections')
    .summary('list and drop collections')
    .description('Lists and drops the collections of a Milvus server or folder.')
    .addHelpText(
      'after',
      `
Examples:
  $ m2v collections --milvus ./milvus.db
  $ m2v collections drop notes --milvus http://localhost:19530`,
    );
  refuseUnknownSubcommands(command);
  const list = command
    .command('list', { isDefault: true })
    .summary('list collections')
    .description(
      `Lists the collections: rows, dimensions, vector type, metric, full-text search, and the start of the fingerprint of
the model that filled each (m2v info prints the whole fingerprint). '~' marks an estimated number of rows.`,
    );
  addCommonFlags(addConnectionFlags(list).option('--json', 'print one JSON array')).action(
    async (flags: CollectionsFlags) => {
      await (await import('./collection-listing.js')).listCollections(flags);
    },
  );
  const drop = command
    .command('drop')
    .summary('delete a collection and its rows')
    .description('Asks, then deletes a collection and its rows.')
    .argument('<name>', 'collection');
  addCommonFlags(addConnectionFlags(drop).option('--yes', 'do not ask')).action(
    async (name: string, flags: DropFlags) => {
      await (await import('./collection-listing.js')).dropCollection(name, flags);
    },
  );
}
