import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Model2VecEmbeddingFunction } from '@model2vec-ts/embedding-function';
import { minilmL6x64 } from '@model2vec-ts/model-minilm-l6-64';
import type { VectorMatrix } from '@model2vec-ts/search';
import type { ModelSource } from '@model2vec-ts/static-model';
import { FORMAT, MANIFEST, type Manifest } from '../format/manifest.js';
import { SiteSearchError } from '../site-search-error.js';
import { loadModelRows } from './model-rows.js';
import type { Passage } from './passages.js';
import { writeRecordShards } from './record-shards.js';
import { ShardFiles } from './shards.js';
import { isFolder, pathOf, type SitePages, sitePassages } from './site-pages.js';
import { writeTokenShards } from './token-shards.js';
import { writeVectorShards } from './vector-shards.js';
import { writeWordShards } from './word-shards.js';

/** Name of the index's folder inside a site's folder. */
const FOLDER = 'site-search';

/** Options of {@link buildSiteIndex}. */
export interface SiteIndexOptions {
  /** Folder of a built site, or its pages. */
  readonly pages: SitePages;
  /**
   * Folder that the index is written to.
   *
   * @defaultValue `site-search` in the folder of `pages`; required if `pages` is a list
   */
  readonly out?: string | URL;
  /**
   * Model that embeds passages, and whose rows are served for queries. Its tokenizer must be BERT's.
   *
   * @defaultValue the model of `@model2vec-ts/model-minilm-l6-64`
   */
  readonly model?: ModelSource;
  /**
   * Columns of the model that are used, from the first. Fewer make a smaller index and worse results.
   *
   * @defaultValue 64, or all if the model has fewer
   */
  readonly dimensions?: number;
}

/** What {@link buildSiteIndex} wrote. */
export interface SiteIndexReport {
  /** Folder of the index. */
  readonly out: string;
  /** Pages with text. */
  readonly pages: number;
  readonly passages: number;
  readonly files: number;
  /** Size of all files, compressed. A visitor loads a small part. */
  readonly bytes: number;
}

/**
 * Writes an index of a site's pages, for `openSiteSearch` of `@model2vec-ts/site-search/browser`. Equal pages and an
 * equal model give equal bytes.
 *
 * @throws `SiteSearchError` `no-pages` or `unsupported-model`; errors of the file system and of the model pass through
 *
 * @example
 * ```ts
 * import { buildSiteIndex } from '@model2vec-ts/site-search';
 *
 * const { pages, passages, bytes } = await buildSiteIndex({ pages: 'dist' });
 * console.log(pages, passages, bytes);
 * ```
 */
export async function buildSiteIndex(options: SiteIndexOptions): Promise<SiteIndexReport> {
  const { model = minilmL6x64, dimensions = 64 } = options;
  const source = isFolder(options.pages) ? pathOf(options.pages) : undefined;
  const out = options.out === undefined ? source && join(source, FOLDER) : pathOf(options.out);
  if (out === undefined) {
    throw new SiteSearchError('invalid-argument', 'out must name a folder if pages is a list of pages');
  }
  if (!(Number.isSafeInteger(dimensions) && dimensions > 0)) {
    throw new SiteSearchError(
      'invalid-argument',
      `dimensions must be a whole number above 0; found ${dimensions}`,
    );
  }
  const passages: Passage[] = [];
  for await (const passage of sitePassages(options.pages)) passages.push(passage);
  const pages = new Set(passages.map(({ url }) => url)).size;
  if (pages === 0) {
    throw new SiteSearchError(
      'no-pages',
      `${source ?? 'the list of pages'} has no HTML page with text to index`,
    );
  }

  const modelRows = await loadModelRows(model, dimensions);
  const files = new ShardFiles();
  const tokens = writeTokenShards(modelRows, files);
  const words = writeWordShards(passages, files);
  const vectors = await passageVectors(passages, model, modelRows.dim);
  const centroids = await writeVectorShards(passages, vectors, files);
  writeRecordShards(passages, files);
  const manifest: Manifest = {
    format: FORMAT,
    folder: files.fingerprint(),
    passages: passages.length,
    dim: modelRows.dim,
    tokenizer: modelRows.tokenizer,
    tokens,
    words,
    centroids: Buffer.from(centroids).toString('base64'),
  };
  const bytes = await writeIndex(out, manifest, files);
  return { out, pages, passages: passages.length, files: files.files.size + 1, bytes };
}

async function passageVectors(
  passages: readonly Passage[],
  model: ModelSource,
  dim: number,
): Promise<VectorMatrix> {
  const embedder = await Model2VecEmbeddingFunction.create({
    modelSource: model,
    dimensionality: dim,
    quantizeTo: 'int8',
    normalize: true,
    threads: 1,
  });
  try {
    const texts = passages.map(({ title, headings, text }) => [title, ...headings, text].join('. '));
    return await embedder.encode(texts);
  } finally {
    await embedder.close();
  }
}

/** Writes the manifest last, so that it never names a folder that is not complete. */
async function writeIndex(out: string, manifest: Manifest, { files }: ShardFiles): Promise<number> {
  const json = JSON.stringify(manifest);
  let bytes = gzipSync(json).length;
  const folder = join(out, manifest.folder);
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) {
    bytes += content.length;
    await writeFile(join(folder, name), content);
  }
  await writeFile(join(out, MANIFEST), json);
  for (const entry of await readdir(out)) {
    if (/^[0-9a-f]{12}$/.test(entry) && entry !== manifest.folder)
      await rm(join(out, entry), { recursive: true });
  }
  return bytes;
}
