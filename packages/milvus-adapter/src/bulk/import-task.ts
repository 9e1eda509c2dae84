import type { KeyValuePair } from '../collection/collection-schema.js';
import type { MilvusChannel } from '../connection/milvus-channel.js';

/** Status of the import of one file. */
export interface ImportTask {
  readonly id: string;
  readonly state: 'running' | 'done' | 'failed';
  /** From 0 to 100. */
  readonly percent: number;
  /** Rows imported so far. */
  readonly rows: number;
  /** Why it failed, in the server's words. */
  readonly reason: string;
  readonly files: readonly string[];
}

/** The parts of `milvus.GetImportStateResponse` (milvus.proto) that are used. */
interface ImportReply {
  /** `common.ImportState`. */
  readonly state: string | number;
  readonly row_count: string | number;
  readonly infos: readonly KeyValuePair[];
  readonly id: string;
}

/**
 * `ImportCompleted` of common.proto: indexed and announced to the index nodes. Persisted and flushed come before it.
 */
const DONE: ReadonlySet<unknown> = new Set([6, 'ImportCompleted']);
const FAILED: ReadonlySet<unknown> = new Set([1, 7, 'ImportFailed', 'ImportFailedAndCleaned']);
const RETRY_FOR = 60_000;

/**
 * Makes the server import a file. Not retried, because after a lost answer only the server knows whether it started.
 */
export async function startImport(
  channel: MilvusChannel,
  collection: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const reply = await channel.call<{ tasks: readonly string[] }>(
    'Import',
    { collection_name: collection, files: [path], options: [] },
    { what: `importing ${path} into ${collection}`, signal },
  );
  return String(reply.tasks[0]);
}

/** Reads the status of an import. */
export async function importTask(
  channel: MilvusChannel,
  id: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<ImportTask> {
  const what = `asking for the import of ${path}`;
  const reply = await channel.call<ImportReply>(
    'GetImportState',
    { task: id },
    { what, signal, retryFor: RETRY_FOR },
  );
  return parseTask({ ...reply, id });
}

/** Lists the imports of a collection that the server remembers. */
export async function listImports(
  channel: MilvusChannel,
  collection: string,
  signal: AbortSignal | undefined,
): Promise<readonly ImportTask[]> {
  const reply = await channel.call<{ tasks: readonly ImportReply[] }>(
    'ListImportTasks',
    { collection_name: collection, limit: '0' },
    { what: `listing the imports into ${collection}`, signal, retryFor: RETRY_FOR },
  );
  return reply.tasks.map(parseTask);
}

function parseTask({ id, state, row_count, infos }: ImportReply): ImportTask {
  const info = (name: string): string => infos.find(({ key }) => key === name)?.value ?? '';
  const isDone = DONE.has(state);
  return {
    id: String(id),
    state: isDone ? 'done' : FAILED.has(state) ? 'failed' : 'running',
    percent: isDone ? 100 : Math.min(99, Number(info('progress_percent')) || 0),
    rows: Number(row_count),
    reason: info('failed_reason') || 'the server gave no reason',
    files: info('files').split(','),
  };
}
