import { type Command, InvalidArgumentError } from 'commander';
import { refuseUnknownSubcommands } from '../../flags/default-subcommand.js';
import { addCommonFlags } from '../../flags/model-flags.js';
import type { CacheFlags, ListingFlags, ModelSpec, PullFlags, RemovalFlags } from './models-flags.js';

/** Adds `m2v models`. */
export function addModelsCommand(program: Command): void {
  const command = program
    .command('models')
    .summary('manage cached models of the Hugging Face Hub')
    .description(
      `Lists, downloads, checks and removes models in the cache that this program shares with Python's huggingface_hub:
HF_HUB_CACHE, HF_HOME/hub or ~/.cache/huggingface/hub. Cached models are used without asking the Hub;
m2v models pull downloads a newer version.

A model is org/name, or org/name@revision: a branch, a tag, refs/pr/1 or a commit.`,
    )
    .addHelpText(
      'after',
      `
Examples:
  $ m2v models pull minishlab/potion-base-8M
  $ m2v models ls
  $ m2v models verify
  $ m2v models rm minishlab/potion-base-8M@main
  $ m2v embed --model "$(m2v models path minishlab/potion-base-8M)" "a cat"`,
    );
  refuseUnknownSubcommands(command);
  const list = command
    .command('ls', { isDefault: true })
    .summary('list cached models')
    .description(
      'Lists the versions of every model in the cache, including those that other programs downloaded.',
    )
    .option('--json', 'print one JSON array');
  addCacheFlags(list).action(async (flags: ListingFlags) => {
    await (await import('./models-listing.js')).listModels(flags);
  });
  const pull = command
    .command('pull')
    .summary('download the newest version')
    .description(
      `Downloads the missing files of the newest version and prints its folder. Files in the cache are hashed, and
downloaded again if they are damaged. For private and gated models set HF_TOKEN, or log in with hf auth login.`,
    )
    .argument('<model>', 'org/name, or org/name@revision', modelSpec)
    .option('--subfolder <path>', 'folder of the model inside the repository');
  addCacheFlags(pull).action(async (model: ModelSpec, flags: PullFlags) => {
    await (await import('./models-pulling.js')).pull(model, flags);
  });
  const remove = command
    .command('rm')
    .summary('remove a model or one version of it')
    .description('Asks, then removes a model or one version of it. Files that another version uses stay.')
    .argument('<model>', 'org/name for all versions, or org/name@revision', modelSpec)
    .option('--yes', 'do not ask');
  addCacheFlags(remove).action(async (model: ModelSpec, flags: RemovalFlags) => {
    await (await import('./models-removal.js')).remove(model, flags);
  });
  const verify = command
    .command('verify')
    .summary('check the hashes of the files')
    .description(
      'Compares the hash of every file with the hash that the Hub lists. Exits with 1 if a file differs.',
    )
    .argument('[model]', 'org/name, or org/name@revision (default: all)', modelSpec);
  addCacheFlags(verify).action(async (model: ModelSpec | undefined, flags: CacheFlags) => {
    await (await import('./models-verification.js')).verify(model, flags);
  });
  const path = command
    .command('path')
    .summary('print the folder of a model')
    .description('Prints the folder of a cached model, for other programs.')
    .argument('<model>', 'org/name, or org/name@revision (default: main)', modelSpec);
  addCacheFlags(path).action(async (model: ModelSpec, flags: CacheFlags) => {
    await (await import('./models-listing.js')).printPath(model, flags);
  });
}

function addCacheFlags(command: Command): Command {
  return addCommonFlags(
    command.option('--cache-dir <folder>', "cache folder (default: HF_HUB_CACHE, else huggingface_hub's)"),
  );
}

function modelSpec(text: string): ModelSpec {
  const at = text.indexOf('@');
  const id = at < 0 ? text : text.slice(0, at);
  const revision = at < 0 ? undefined : text.slice(at + 1);
  if (id === '' || revision === '') throw new InvalidArgumentError('Give org/name, or org/name@revision.');
  return { id, ...(revision !== undefined && { revision }) };
}
