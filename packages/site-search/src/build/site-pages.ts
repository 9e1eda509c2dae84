import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Passage, passagesOf, type SitePage } from './passages.js';

/** Folder of a built site, or its pages. */
export type SitePages = string | URL | Iterable<SitePage> | AsyncIterable<SitePage>;

/**
 * Yields the passages that an index of these pages has, in its order, for tests and comparisons.
 *
 * @example
 * ```ts
 * import { sitePassages } from '@model2vec-ts/site-search';
 *
 * for await (const { url, anchor, text } of sitePassages('dist')) console.log(url, anchor, text);
 * ```
 */
export async function* sitePassages(pages: SitePages): AsyncGenerator<Passage, void, undefined> {
  for await (const page of isFolder(pages) ? folderPages(pathOf(pages)) : pages) yield* passagesOf(page);
}

export function isFolder(pages: SitePages): pages is string | URL {
  return typeof pages === 'string' || pages instanceof URL;
}

export function pathOf(place: string | URL): string {
  return typeof place === 'string' ? place : fileURLToPath(place);
}

/** Reads the HTML files of a folder in the order of their paths, except pages that servers show instead of others. */
async function* folderPages(folder: string): AsyncGenerator<SitePage, void, undefined> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile() && /\.html?$/i.test(file.name) && !/^(404|500)\.html?$/i.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .sort();
  for (const path of paths) {
    const url = path.slice(join(folder, sep).length).split(sep).map(encodeURIComponent).join('/');
    yield { url: url.replace(/(^|\/)index\.html?$/i, '$1'), html: await readFile(path, 'utf8') };
  }
}
