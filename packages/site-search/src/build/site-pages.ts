import { readdir, readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import type { SitePage } from './passages.js';

/** Reads the HTML files of a folder in the order of their paths, except pages that servers show instead of others. */
export async function* folderPages(folder: string): AsyncGenerator<SitePage, void, undefined> {
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
