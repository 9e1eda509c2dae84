import { readFileSync } from 'node:fs';
import { Command } from 'commander';

/** A command, of which no more is loaded than a call needs: the packages behind it take longer than most work. */
interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Gives what adds the whole command, with its flags and help. */
  load(): Promise<(program: Command) => void>;
}

/** Every command, in the order in which they are listed to a reader. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'embed',
    summary: 'texts to vectors',
    load: async () => (await import('./commands/embed-command.js')).addEmbedCommand,
  },
  {
    name: 'tokenize',
    summary: 'texts to token ids',
    load: async () => (await import('./commands/tokenize-command.js')).addTokenizeCommand,
  },
  {
    name: 'similarity',
    summary: 'how alike texts are',
    load: async () => (await import('./commands/similarity-command.js')).addSimilarityCommand,
  },
  {
    name: 'plot',
    summary: 'a map of texts as a picture',
    load: async () => (await import('./commands/plot/plot-command.js')).addPlotCommand,
  },
  {
    name: 'index',
    summary: 'files of texts into a Milvus collection',
    load: async () => (await import('./commands/index/index-command.js')).addIndexCommand,
  },
  {
    name: 'bulk',
    summary: 'many millions of rows through files that Milvus imports',
    load: async () => (await import('./commands/bulk/bulk-command.js')).addBulkCommand,
  },
  {
    name: 'search',
    summary: 'a question to the best rows of a collection',
    load: async () => (await import('./commands/search/search-command.js')).addSearchCommand,
  },
  {
    name: 'collections',
    summary: 'what a Milvus holds',
    load: async () => (await import('./commands/collections/collections-command.js')).addCollectionsCommand,
  },
  {
    name: 'milvus',
    summary: 'Milvus Lite on this machine',
    load: async () => (await import('./commands/milvus/milvus-command.js')).addMilvusCommand,
  },
  {
    name: 'export-onnx',
    summary: 'a model for ONNX tools',
    load: async () => (await import('./commands/export-onnx-command.js')).addExportOnnxCommand,
  },
  {
    name: 'quantize',
    summary: 'a model made smaller',
    load: async () => (await import('./commands/quantize-command.js')).addQuantizeCommand,
  },
  {
    name: 'prune',
    summary: 'a model for one corpus',
    load: async () => (await import('./commands/prune-command.js')).addPruneCommand,
  },
  {
    name: 'models',
    summary: 'models of the Hugging Face Hub on this machine',
    load: async () => (await import('./commands/models/models-command.js')).addModelsCommand,
  },
  {
    name: 'info',
    summary: 'what a model is',
    load: async () => (await import('./commands/info-command.js')).addInfoCommand,
  },
  {
    name: 'demo',
    summary: 'an example to begin with',
    load: async () => (await import('./commands/demo-command.js')).addDemoCommand,
  },
];

/**
 * Describes the command line as far as a call needs it; a wrong call ends in an exception, not in `process.exit`.
 *
 * @param words - the call's words; a command that none of them names is listed by its summary only
 */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('m2v')
    .description(
      'Model2Vec static embeddings in the terminal: the vectors of Python model2vec, with no download.',
    )
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // The one line on standard error is written where every error is, not by the parser.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
Examples:
  $ m2v demo
  $ m2v embed "a cat" "a kitten"
  $ m2v embed --input texts.txt --output embeddings.npy
  $ m2v index docs --to ./milvus.db --collection docs
  $ m2v search "how do I begin?" --in ./milvus.db --collection docs
  $ m2v embed --help

Exit codes: 0 done, 1 failed, 2 wrong call, 130 interrupted.`,
    );
  for (const { name, summary, load } of COMMANDS) {
    if (words.includes(name)) (await load())(program);
    else program.command(name).summary(summary).description(summary);
  }
  return program;
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return String((manifest as { readonly version: unknown }).version);
}
