/**
 * Saved indexes in files of Node.
 * @module
 */
import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { TextIndex } from './text-index/text-index.js';
import type { LoadOptions } from './text-index/text-index-options.js';

/**
 * Saves an index to a file. The file is replaced atomically: the bytes are written to another file in the folder, which
 * is then renamed.
 *
 * @example
 * ```ts
 * import type { EmbeddingFunction, TextIndex } from '@model2vec-ts/search';
 * import { loadTextIndex, saveTextIndex } from '@model2vec-ts/search/file';
 *
 * async function copy(index: TextIndex, embedder: EmbeddingFunction): Promise<TextIndex> {
 *   await saveTextIndex(index, 'notes.m2v');
 *   return await loadTextIndex('notes.m2v', { embedder });
 * }
 * ```
 */
export async function saveTextIndex(index: TextIndex, path: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    const file = await open(unfinished, 'wx');
    try {
      for (const part of await index.save()) await file.writeFile(part);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/**
 * Loads an index from a file that {@link saveTextIndex} wrote.
 *
 * @throws `SearchError` `malformed` or `mismatch`; errors of the file system pass through
 *
 * @example
 * ```ts
 * import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
 * import { loadTextIndex } from '@model2vec-ts/search/file';
 *
 * const embedder = await Model2VecEmbeddingFunction.create();
 * const index = await loadTextIndex('notes.m2v', { embedder });
 * const { hits } = await index.search('a place to sleep');
 * for (const { text, score } of hits) console.log(score.toFixed(2), text);
 * ```
 */
export async function loadTextIndex(path: string, options: LoadOptions): Promise<TextIndex> {
  return await TextIndex.load(await readFile(path), options);
}
