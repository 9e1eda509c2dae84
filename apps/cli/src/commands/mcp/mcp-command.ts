import type { Command } from 'commander';
import { addConnectionFlags } from '../../flags/milvus-flags.js';
import { addCommonFlags, addEncodeFlags } from '../../flags/model-flags.js';
import { addPassageFlags } from '../../flags/passage-flags.js';
import type { McpFlags } from './serving.js';

/** Adds `m2v mcp`. */
export function addMcpCommand(program: Command): void {
  const command = program
    .command('mcp')
    .summary('serve search to agents over MCP')
    .description(
      `Serves folders, or a Milvus collection, to agents over the Model Context Protocol, on standard input and output.

Tools:
  search        passages that answer a question, by meaning and by full text
  read          lines of a file around a passage, or a row of the collection
  find_similar  passages that are similar to a text or to a passage

Reads folders like m2v find, and each call sees the current files. The agent starts this program itself; the guide on
agents shows the configuration.`,
    )
    .argument('[paths...]', 'files and folders (default: this folder)');
  addPassageFlags(command).option(
    '-c, --collection <name>',
    'serve this collection of --milvus instead of files',
  );
  addConnectionFlags(command);
  addCommonFlags(addEncodeFlags(command))
    .addHelpText(
      'after',
      `
Examples:
  $ claude mcp add docs -- m2v mcp ./docs
  $ m2v mcp src docs -g '!*.test.ts'
  $ m2v mcp --milvus http://localhost:19530 --collection handbook`,
    )
    .action(async (paths: string[], flags: McpFlags) => {
      await (await import('./serving.js')).serveMcp(paths, flags);
    });
}
