import { pythonJson } from '../json.js';
import { ModelError } from '../model-error.js';
import { subfolderPrefix } from '../source/layout.js';
import { isUrl } from '../source/source-kind.js';
import type { StaticModel } from '../static-model.js';
import { type ModelCardFacts, modelCardOf } from './model-card.js';
import { safetensorsOf } from './safetensors-writer.js';

/** The reference's default where a config does not say. */
const DEFAULT_MAX_LENGTH = 512;

/** The files of a model by their path inside its folder: itself a source that a model can be loaded from. */
export type SavedModelFiles = Readonly<Record<string, Uint8Array>>;

/** Where {@link saveStaticModel} puts files other than in a folder on disk. */
export interface ModelFileSink {
  /** Takes one file. `path` has `/` between its parts. Awaited before the next file comes. */
  write(path: string, bytes: Uint8Array): void | Promise<void>;
}

/** How a model is saved. */
export interface SaveStaticModelOptions {
  /** Folder inside the target to put the files in. Default: the target itself. */
  readonly subfolder?: string;
  /** What `README.md` says, or `false` for no such file. Default: what the reference writes of a model without a base. */
  readonly card?: ModelCardFacts | false;
  /** Stops before anything has been put in place; the save then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * The files that Python's `StaticModel.save_pretrained` writes, in memory: `model.safetensors`, `tokenizer.json` as it
 * was read, `config.json`, `modules.json` and the model card. They are a {@link ModelSource} too.
 *
 * @throws {@link UnsupportedModelError} for a bfloat16 table, which Python cannot read
 *
 * @example
 * ```ts
 * import { loadStaticModel, modelFilesOf, quantizeModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * const files = modelFilesOf(await quantizeModel(model, { dtype: 'int8' }));
 * for (const [path, bytes] of Object.entries(files)) console.log(path, bytes.length);
 * const same = await loadStaticModel(files);
 * ```
 */
export function modelFilesOf(
  model: StaticModel,
  options: Pick<SaveStaticModelOptions, 'card' | 'subfolder'> = {},
): SavedModelFiles {
  return filesOf(model, options, 'model');
}

function filesOf(
  model: StaticModel,
  { card = {}, subfolder = '' }: Pick<SaveStaticModelOptions, 'card' | 'subfolder'>,
  defaultName: string,
): SavedModelFiles {
  const prefix = subfolderPrefix(subfolder);
  const config = savedConfig(model);
  const files: Readonly<Record<string, Uint8Array>> = {
    'model.safetensors': safetensorsOf(model.table),
    'tokenizer.json': model.tokenizerJson,
    'config.json': utf8(pythonJson(config, 4)),
    'modules.json': utf8(JSON.stringify(savedModules(config.normalize), null, 4)),
    ...(card !== false && { 'README.md': utf8(modelCardOf(card.name ?? defaultName, card)) }),
  };
  return Object.fromEntries(Object.entries(files).map(([path, bytes]) => [prefix + path, bytes]));
}

function savedConfig({ config, table }: StaticModel): Record<string, unknown> & { normalize: boolean } {
  const { vocabulary_quantization: _, ...kept } = config;
  return {
    ...kept,
    normalize: config.normalize ?? false,
    max_length: config.max_length === undefined ? DEFAULT_MAX_LENGTH : config.max_length,
    embedding_dtype: table.dtype,
    ...(table.mapping && { vocabulary_quantization: table.rows }),
  };
}

/** What sentence-transformers needs to know the model for its own. */
function savedModules(normalize: boolean): readonly object[] {
  const modules = [{ idx: 0, name: '0', path: '.', type: 'sentence_transformers.models.StaticEmbedding' }];
  if (normalize) {
    modules.push({ idx: 1, name: '1', path: '1_Normalize', type: 'sentence_transformers.models.Normalize' });
  }
  return modules;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Saves a model so that Python's `StaticModel.from_pretrained` and {@link loadStaticModel} read it. What is loaded again
 * has the same fingerprint.
 *
 * A folder that does not exist, or is empty, appears with all of its files at once. In one with files, each new file is
 * first written whole beside its place and then takes it; other files stay.
 *
 * @param target - a folder, as path or `file:` URL, made if it is missing; or what takes the files one by one
 * @throws {@link UnsupportedModelError} for a bfloat16 table, and for a folder where there is no file system
 * @throws {@link ModelError} with the code `model-not-saved` where the folder cannot be written
 *
 * @example
 * ```ts
 * import { loadStaticModel, quantizeModel, saveStaticModel } from '@model2vec-ts/static-model';
 *
 * const model = await loadStaticModel('minishlab/potion-base-8M');
 * await saveStaticModel(await quantizeModel(model, { dtype: 'float16' }), './potion-float16', {
 *   card: { name: 'potion-float16', license: 'mit' },
 * });
 * ```
 */
export async function saveStaticModel(
  model: StaticModel,
  target: string | URL | ModelFileSink,
  options: SaveStaticModelOptions = {},
): Promise<void> {
  const { signal } = options;
  signal?.throwIfAborted();
  if (typeof target === 'string' || isUrl(target)) {
    if (target === '' || (isUrl(target) && target.protocol !== 'file:')) {
      throw new ModelError(
        'invalid-argument',
        `a model is saved in a folder, named by a path or a file: URL; found ${JSON.stringify(String(target))}`,
      );
    }
    const { writeFolder } = await import('#folder-writer');
    await writeFolder(target, filesOf(model, options, folderName(target)), signal);
    return;
  }
  for (const [path, bytes] of Object.entries(filesOf(model, options, 'model'))) {
    signal?.throwIfAborted();
    await target.write(path, bytes);
  }
}

function folderName(folder: string | URL): string {
  const path = isUrl(folder) ? decodeURIComponent(folder.pathname) : folder;
  return path.split(/[\\/]/).findLast((part) => part !== '' && part !== '.' && part !== '..') ?? 'model';
}
