import { platform } from '#platform';
import { ModelError, ModelNotFoundError, UnsupportedModelError } from '../model-error.js';
import type { ModelFile, ModelFiles } from '../static-model.js';
import { type FileBytes, fileBytesOf } from './file-bytes.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { isBytes, isUrl } from './source-kind.js';

/** Opens files passed one by one. A URL in it must lead to a file, unless the file is optional. */
export function openModelFiles(files: ModelFiles, context: ReadContext): ModelFolder {
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    if (!Object.hasOwn(files, path)) return undefined;
    const file: unknown = files[path];
    if (isBytes(file)) return file;
    if (isUrl(file)) return readUrl(absolute(file), path, context);
    throw new ModelError('invalid-argument', `${path} must be a Uint8Array or a URL, found ${typeof file}`);
  };
  const open = async (path: string): Promise<FileBytes | undefined> => {
    const file: unknown = Object.hasOwn(files, path) ? files[path] : undefined;
    if (isUrl(file) && file.protocol === 'file:' && platform.hasFiles) {
      return found(platform.openFile(file, path, context), file, path);
    }
    const bytes = await read(path);
    return bytes && fileBytesOf(bytes);
  };
  return { origin: 'the given files', read, open };
}

/** In pages built with Turbopack, `new URL('…', import.meta.url)` lacks protocol and host but has `URL`'s prototype. */
function absolute(url: URL): URL {
  const page = (globalThis as { readonly location?: { readonly href: string } }).location;
  return url.protocol === '' && page !== undefined ? new URL(url.href, page.href) : url;
}

function found<T>(file: T | undefined, url: URL, path: string): T {
  if (file !== undefined) return file;
  const address = `${url.protocol}//${url.host}${url.pathname}`;
  throw new ModelNotFoundError(`${path}: nothing found at ${address}`, [path]);
}

async function readUrl(
  url: Extract<ModelFile, URL>,
  file: string,
  context: ReadContext,
): Promise<Uint8Array> {
  return found(await bytesOf(url, file, context), url, file);
}

async function bytesOf(url: URL, file: string, context: ReadContext): Promise<Uint8Array | undefined> {
  switch (url.protocol) {
    case 'http:':
    case 'https:':
    case 'data:':
    case 'blob:': {
      // Loaded on demand: bytes do not need it.
      const { fetchGivenFile } = await import('./http-folder.js');
      return fetchGivenFile({ url, file }, context);
    }
    case 'file:':
      if (platform.hasFiles) return platform.readFile(url, file, context);
      throw new UnsupportedModelError(`${file}: this platform has no file system to read a file: URL from`);
    default:
      throw new UnsupportedModelError(`${file}: ${url.protocol} URLs cannot be read`, {
        remedy: { code: 'use-other-source' },
      });
  }
}
