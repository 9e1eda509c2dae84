import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type HubAccess, type LoadProgress, pullFiles } from '@model2vec-ts/static-model/hub-cache';
import { DistillError } from '../distill-error.js';

/** Paths of an exported graph in repositories, the most common first. */
export const ONNX_FILES: readonly string[] = ['onnx/model.onnx', 'model.onnx'];
export const WEIGHTS_FILE = 'model.safetensors';

const SETTINGS = [
  'config.json',
  'config_sentence_transformers.json',
  'modules.json',
  'sentence_bert_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
];
/** Settings of a step such as `1_Pooling/config.json`. */
const STEP_SETTINGS = /^\d+_[^/]+\/config\.json$/;

/** Options for finding and downloading a teacher on the Hub. */
export interface TeacherSourceOptions extends HubAccess {
  /** Stops the download, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called as bytes of a download arrive. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined;
}

/**
 * Returns the folder of a teacher's files; if the source is a Hub id, they are first downloaded into the Hub's cache.
 *
 * @throws {@link DistillError} with the code `teacher-not-found` if the source is neither a folder nor a Hub id
 * @throws `ModelError` of `@model2vec-ts/static-model` if the Hub has no such repository or cannot be reached
 */
export async function teacherFolder(
  source: string | URL,
  onnxFiles: readonly string[],
  { signal, onProgress, ...access }: TeacherSourceOptions,
): Promise<string> {
  const isUrl = source instanceof URL || /^file:\/\//i.test(source);
  const path = isUrl ? fileURLToPath(source) : (source as string);
  const kind = await stat(path).then(
    (found) => (found.isDirectory() ? 'folder' : 'file'),
    () => undefined,
  );
  if (kind === 'folder') return path;
  const notFound = (summary: string): DistillError =>
    new DistillError('teacher-not-found', summary, { remedy: { code: 'use-sentence-transformer' } });
  if (kind === 'file') throw notFound(`${path} is a file, not the folder of a teacher`);
  if (isUrl || !/^[\w.-]+\/[\w.-]+$/.test(path) || path.startsWith('.')) {
    throw notFound(`there is no folder ${path}`);
  }
  const choose = (paths: readonly string[]): readonly string[] => {
    const onnxFile = onnxFiles.find((file) => paths.includes(file));
    const weights = onnxFile === undefined ? [WEIGHTS_FILE] : [onnxFile, `${onnxFile}_data`];
    const wanted = new Set([...SETTINGS, ...weights]);
    return paths.filter((each) => wanted.has(each) || STEP_SETTINGS.test(each));
  };
  const snapshot = await pullFiles(path, choose, {
    ...access,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  return snapshot.path;
}
