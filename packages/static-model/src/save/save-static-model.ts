import { pythonJson } from '../json.js';
import { ModelError } from '../model-error.js';
import { subfolderPrefix } from '../source/layout.js';
import { isUrl } from '../source/source-kind.js';
import type { StaticModel } from '../static-model.js';
import { type ModelCardFacts, modelCardOf } from './model-card.js';
import { safetensorsOf } from './safetensors-writer.js';

/** The reference's default if a config has none. */
const DEFAULT_MAX_LENGTH = 512;

/** The files of a model by their path inside its folder. They are also a source to load the model from. */
export type SavedModelFiles = Readonly<Record<string, Uint8Array>>;

/** Receives the files of {@link saveStaticModel} instead of a folder. */
export interface ModelFileSink {
  /** Receives one file; `path` uses `/` as separator. Awaited before the next file. */
  write(path: string, bytes: Uint8Array): void | Promise<void>;
}

/** Options for saving a model. */
export interface SaveStaticModelOptions {
  /** Folder inside the target. @defaultValue the target itself */
  readonly subfolder?: string;
  /** Contents of `README.md`, or `false` for none. @defaultValue the reference's card for a model without a base */
  readonly card?: ModelCardFacts | false;
  /** Stops the save, which then rejects with the signal's reason, unless files are already being moved into place. */
  readonly signal?: AbortSignal;
}

/**
 * The files that Python's `StaticModel.save_pretrained` writes, in memory: `model.safetensors`, `tokenizer.json` as it
 * was read, `config.json`, `modules.json` and the model card. They are a {@link ModelSource} too.
 *
 * @throws {@link UnsupportedModelError} for a bfloat16 table, because Python cannot read it
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

/** Lets sentence-transformers recognise the model. */
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
 * Saves a model so that Python's `StaticModel.from_pretrained` and {@link loadStaticModel} can read it. The loaded
 * model has the same fingerprint.
 *
 * A missing or empty folder appears with all of its files at once. In a folder with files, each new file is written
 * completely under a temporary name first; other files are kept.
 *
 * @param target - a folder, as path or `file:` URL, created if missing; or an object that receives the files
 * @throws {@link UnsupportedModelError} for a bfloat16 table, and for a folder without a file system
 * @throws {@link ModelError} with the code `model-not-saved` if the folder cannot be written
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
