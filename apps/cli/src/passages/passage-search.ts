import type { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { type SearchMode, searchTexts } from '@model2vec-ts/search';
import { readPassages } from './file-passages.js';
import { FolderWalk, type SkippedPath } from './folder-walk.js';
import { type Passage, placeOf } from './passage.js';
import type { PassageOptions } from './passage-index.js';

/** A passage that a search found. */
export interface PassageHit {
  readonly score: number;
  readonly text: string;
  /** Its place, see `PassagePlace`. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a search of files found. */
export interface PassageSearchResult {
  readonly mode: SearchMode;
  /** Best first. */
  readonly hits: readonly PassageHit[];
  /** Number of files that were read, including those without passages. */
  readonly files: number;
  readonly passages: number;
  readonly skipped: readonly SkippedPath[];
}

/** Options of one search of files. */
export interface PassageSearchOptions extends PassageOptions {
  readonly embedder: Model2VecEmbeddingFunction;
  readonly limit: number;
  readonly mode?: SearchMode;
}

/** Searches files for one question, without an index; finds what a `PassageIndex` finds. */
export async function searchPassages(
  named: readonly string[],
  question: string,
  options: PassageSearchOptions,
): Promise<PassageSearchResult> {
  const skipped: SkippedPath[] = [];
  const onSkipped = (each: SkippedPath): void => void skipped.push(each);
  const passages: Passage[] = [];
  /** Each file with passages, and the number of its first one. */
  const files: { readonly path: string; readonly first: number }[] = [];
  let read = 0;
  for (const file of new FolderWalk(options, onSkipped).files(named)) {
    const found = await readPassages(file, options.chunkSize, onSkipped);
    if (found === undefined) continue;
    read++;
    files.push({ path: file.path, first: passages.length });
    for (const passage of found) passages.push(passage);
  }
  const { embedder, limit, mode } = options;
  const texts = passages.map(({ text }) => text);
  const result = await searchTexts(texts, question, { embedder, limit, ...(mode !== undefined && { mode }) });
  const hits = result.hits.map(({ index, score }) => {
    const { path } = files.findLast(({ first }) => first <= index)!;
    const passage = passages[index]!;
    return { score, text: passage.text, fields: placeOf(path, passage) };
  });
  return { mode: result.mode, hits, files: read, passages: result.texts, skipped };
}
