import { Command } from 'commander';
import { inHeadingOrder } from './flags/help-heading.js';
import { programVersion } from './terminal/program-version.js';

/** A command that is loaded only if the call names it: the packages behind it take longer than most work. */
interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Returns the function that adds the whole command, with its flags and help. */
  load(): Promise<(program: Command) => void>;
}

/** Every command, in the order of the help. */
const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'embed',
    summary: 'embed texts',
    load: async () => (await import('./commands/embed-command.js')).addEmbedCommand,
  },
  {
    name: 'tokenize',
    summary: 'print token ids of texts',
    load: async () => (await import('./commands/tokenize-command.js')).addTokenizeCommand,
  },
  {
    name: 'similarity',
    summary: 'compare texts',
    load: async () => (await import('./commands/similarity-command.js')).addSimilarityCommand,
  },
  {
    name: 'plot',
    summary: 'plot texts as a map',
    load: async () => (await import('./commands/plot/plot-command.js')).addPlotCommand,
  },
  {
    name: 'serve',
    summary: 'serve embeddings over HTTP',
    load: async () => (await import('./commands/serve/serve-command.js')).addServeCommand,
  },
  {
    name: 'find',
    summary: 'search files by meaning, with no server and no index',
    load: async () => (await import('./commands/find/find-command.js')).addFindCommand,
  },
  {
    name: 'dedupe',
    summary: 'remove texts that say the same',
    load: async () => (await import('./commands/grouping/dedupe-command.js')).addDedupeCommand,
  },
  {
    name: 'cluster',
    summary: 'group texts by meaning',
    load: async () => (await import('./commands/grouping/cluster-command.js')).addClusterCommand,
  },
  {
    name: 'mcp',
    summary: 'serve search to agents over MCP',
    load: async () => (await import('./commands/mcp/mcp-command.js')).addMcpCommand,
  },
  {
    name: 'index',
    summary: 'store files in a Milvus collection',
    load: async () => (await import('./commands/index/index-command.js')).addIndexCommand,
  },
  {
    name: 'search',
    summary: 'search a collection',
    load: async () => (await import('./commands/search/search-command.js')).addSearchCommand,
  },
  {
    name: 'collections',
    summary: 'list and drop collections',
    load: async () => (await import('./commands/collections/collections-command.js')).addCollectionsCommand,
  },
  {
    name: 'bulk',
    summary: 'import many millions of rows through files',
    load: async () => (await import('./commands/bulk/bulk-command.js')).addBulkCommand,
  },
  {
    name: 'milvus',
    summary: 'install, start and stop Milvus Lite',
    load: async () => (await import('./commands/milvus/milvus-command.js')).addMilvusCommand,
  },
  {
    name: 'models',
    summary: 'manage cached models of the Hugging Face Hub',
    load: async () => (await import('./commands/models/models-command.js')).addModelsCommand,
  },
  {
    name: 'info',
    summary: 'describe a model',
    load: async () => (await import('./commands/info-command.js')).addInfoCommand,
  },
  {
    name: 'quantize',
    summary: 'make a model smaller',
    load: async () => (await import('./commands/quantize-command.js')).addQuantizeCommand,
  },
  {
    name: 'prune',
    summary: 'drop the tokens that a corpus does not use',
    load: async () => (await import('./commands/prune-command.js')).addPruneCommand,
  },
  {
    name: 'distill',
    summary: 'make a model from a sentence transformer',
    load: async () => (await import('./commands/making/distill-command.js')).addDistillCommand,
  },
  {
    name: 'adapt',
    summary: 'adapt a model to your texts',
    load: async () => (await import('./commands/making/adapt-command.js')).addAdaptCommand,
  },
  {
    name: 'evaluate',
    summary: 'measure models',
    load: async () => (await import('./commands/making/evaluate-command.js')).addEvaluateCommand,
  },
  {
    name: 'export-onnx',
    summary: 'export a model for ONNX tools',
    load: async () => (await import('./commands/export-onnx-command.js')).addExportOnnxCommand,
  },
  {
    name: 'demo',
    summary: 'show an example to begin with',
    load: async () => (await import('./commands/demo-command.js')).addDemoCommand,
  },
  {
    name: 'completion',
    summary: 'print a script for shell completion',
    load: async () => (await import('./commands/completion/completion-command.js')).addCompletionCommand,
  },
];

/** The command that shell completion runs with the words of the line; the help does not list it. */
export const COMPLETE = 'complete';

/**
 * Builds the command line. A wrong call throws; the parser never ends the process.
 *
 * @param words - the call's words; a command that none of them names is added with its summary only
 */
export async function createProgram(words: readonly string[]): Promise<Command> {
  const program = new Command('m2v')
    .description(
      'Model2Vec static embeddings in the terminal: the vectors of Python model2vec, without a download.',
    )
    .version(programVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    // Every error is printed in one place, so the parser prints none.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .showSuggestionAfterError()
    .configureHelp({ groupItems: inHeadingOrder })
    .addHelpText(
      'after',
      `
Examples:
  $ m2v demo
  $ m2v embed "a cat" "a kitten"
  $ m2v embed --input texts.txt --output embeddings.npy
  $ m2v find "how do I begin?" docs
  $ m2v index docs --milvus ./milvus.db --collection docs
  $ m2v search "how do I begin?" --milvus ./milvus.db --collection docs
  $ m2v embed --help

Exit codes: 0 done, 1 failed, 2 wrong call, 129 terminal closed, 130 Ctrl-C, 143 terminated.`,
    );
  for (const { name, summary, load } of COMMANDS) {
    if (words.includes(name)) (await load())(program);
    else program.command(name).summary(summary).description(summary);
  }
  if (words[0] === COMPLETE) {
    (await import('./commands/completion/complete-command.js')).addCompleteCommand(program, COMPLETE);
  }
  return program;
}

/** Returns the command that the words name, such as `m2v models pull`, as far as they match. */
export function calledCommand(program: Command, words: readonly string[]): string {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((each) => each.name() === word);
    if (next === undefined) continue;
    command = next;
  }
  const names: string[] = [];
  for (let each: Command | null = command; each !== null; each = each.parent) names.unshift(each.name());
  return names.join(' ');
}
