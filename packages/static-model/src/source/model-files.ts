import { type FileBytes, fileBytesOf } from './file-bytes.js';
import { LAYOUTS, type Layout } from './layout.js';
import type { ModelFolder } from './model-folder.js';

/** The files of a model. */
export interface LayoutFiles {
  readonly layout: Layout;
  readonly config: Uint8Array;
  /** Closed by the caller. */
  readonly table: FileBytes;
  readonly tokenizer: Uint8Array;
}

/**
 * Reads the first complete layout, each file at most once.
 *
 * @throws {@link ModelNotFoundError} listing every file that was looked for
 */
export async function readLayout(folder: ModelFolder, prefix: string): Promise<LayoutFiles> {
  const reads = new Map<string, Promise<Uint8Array | undefined>>();
  const read = (path: string): Promise<Uint8Array | undefined> => {
    const started = reads.get(path) ?? folder.read(prefix + path);
    reads.set(path, started);
    return started;
  };
  const tables = new Map<string, Promise<FileBytes | undefined>>();
  const open = (path: string): Promise<FileBytes | undefined> => {
    const started = tables.get(path) ?? openTable(folder, prefix + path);
    tables.set(path, started);
    return started;
  };
  let found: FileBytes | undefined;
  try {
    for (const layout of LAYOUTS) {
      const [config, table, tokenizer] = await Promise.all([
        read(layout.config),
        open(layout.table),
        read(layout.tokenizer),
      ]);
      if (!(config && table && tokenizer)) continue;
      found = table;
      return { layout, config, table, tokenizer };
    }
  } finally {
    for (const opened of tables.values()) {
      opened.then(
        (table) => table !== found && table?.close(),
        () => undefined,
      );
    }
  }
  const { missingModel } = await import('./missing-model.js');
  const isMissing = async (path: string): Promise<boolean> =>
    (await (reads.get(path) ?? tables.get(path))) === undefined;
  throw await missingModel(folder.origin, prefix, await folder.list?.(), isMissing);
}

async function openTable(folder: ModelFolder, path: string): Promise<FileBytes | undefined> {
  if (folder.open) return folder.open(path);
  const bytes = await folder.read(path);
  return bytes && fileBytesOf(bytes);
}
