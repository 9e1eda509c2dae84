import { type FileBytes, fileBytesOf } from './file-bytes.js';
import { ModelError } from './model-error.js';
import type { ModelFolder } from './model-folder.js';
import type { StaticModel } from './static-model.js';

/** Where a folder keeps the files of a model. */
export interface Layout {
  readonly name: StaticModel['layout'];
  readonly config: string;
  readonly table: string;
  readonly tokenizer: string;
  /** Names of the table's tensor, first that is there. The reference knows the first; older files have `0`. */
  readonly tensors: readonly string[];
}

/** In the order of trial: the reference's `FOLDER_LAYOUTS`. */
export const LAYOUTS: readonly Layout[] = [
  {
    name: 'model2vec',
    config: 'config.json',
    table: 'model.safetensors',
    tokenizer: 'tokenizer.json',
    tensors: ['embeddings', 'embedding.weight', '0'],
  },
  {
    name: 'sentence-transformers',
    config: 'config_sentence_transformers.json',
    table: 'model.safetensors',
    tokenizer: 'tokenizer.json',
    tensors: ['embedding.weight', 'embeddings', '0'],
  },
  {
    name: 'static-embedding',
    config: 'config_sentence_transformers.json',
    table: '0_StaticEmbedding/model.safetensors',
    tokenizer: '0_StaticEmbedding/tokenizer.json',
    tensors: ['embedding.weight', 'embeddings', '0'],
  },
];

/** The files of a model. */
export interface LayoutFiles {
  readonly layout: Layout;
  readonly config: Uint8Array;
  /** To be closed by whoever asked for the files. */
  readonly table: FileBytes;
  readonly tokenizer: Uint8Array;
}

/** A subfolder as the start of a path: empty, or ending in a slash. It may not lead out of its folder. */
export function subfolderPrefix(subfolder: string): string {
  const path = subfolder.replace(/^\/+|\/+$/g, '');
  if (path === '') return '';
  if (path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')) return `${path}/`;
  throw new ModelError(
    'invalid-argument',
    `subfolder ${JSON.stringify(subfolder)} must name a folder inside the source, without ".", ".." and empty parts`,
  );
}

/**
 * Reads the first layout whose three files are all there, each file at most once.
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
  throw await missingModel(folder.origin, prefix, LAYOUTS, isMissing);
}

async function openTable(folder: ModelFolder, path: string): Promise<FileBytes | undefined> {
  if (folder.open) return folder.open(path);
  const bytes = await folder.read(path);
  return bytes && fileBytesOf(bytes);
}
