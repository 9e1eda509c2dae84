// The official server: no dependencies but zod, and ready in a tenth of a second.
import { McpServer } from '@modelcontextprotocol/server';
import { createEmbedder } from '../../flags/embedder.js';
import type { ConnectionFlags } from '../../flags/milvus-flags.js';
import type { EncodeFlags } from '../../flags/model-flags.js';
import { type PassageFlags, passageOptions } from '../../flags/passage-flags.js';
import { UsageError } from '../../terminal/cli-error.js';
import { programVersion } from '../../terminal/program-version.js';
import { AnsweringTransport } from './answering-transport.js';
import { CollectionSource } from './collection-source.js';
import { FolderSource } from './folder-source.js';
import type { PassageSource } from './passage-source.js';
import { registerTools } from './tools.js';

/** The flags of `m2v mcp`. */
export interface McpFlags extends EncodeFlags, PassageFlags, ConnectionFlags {
  readonly collection?: string;
}

/** `m2v mcp`: serves until standard input ends and every request is answered. */
export async function serveMcp(paths: readonly string[], flags: McpFlags): Promise<void> {
  if (flags.collection !== undefined && paths.length > 0) {
    throw new UsageError('paths and --collection are both given; one server serves files or a collection');
  }
  const server = new McpServer({ name: 'm2v', version: programVersion() });
  // Clients give up on a server that is not ready within seconds, so the tools are registered before the files are
  // read.
  const source = openSource(paths, flags);
  source.catch(() => undefined);
  registerTools(server, source, flags.collection === undefined);
  const transport = new AnsweringTransport();
  await server.connect(transport);
  await transport.closed;
  await (await source.catch(() => undefined))?.close();
}

async function openSource(paths: readonly string[], flags: McpFlags): Promise<PassageSource> {
  const embedder = await createEmbedder(flags);
  if (flags.collection !== undefined) return await CollectionSource.open(flags, flags.collection, embedder);
  return await FolderSource.open(paths.length === 0 ? ['.'] : paths, embedder, passageOptions(flags));
}
