import { platform } from '#platform';
import { fetchFile } from './http-file.js';
import { refuseCredentials } from './http-folder.js';
import { printable } from './http-request.js';
import { ModelError, ModelNotFoundError, UnsupportedModelError } from './model-error.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import type { ModelFile, ModelFiles } from './static-model.js';

/** Files given one by one. A file that is named must be there, other than one that a folder may lack. */
export function openModelFiles(files: ModelFiles, context: ReadContext): ModelFolder {
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    if (!Object.hasOwn(files, path)) return undefined;
    const file: unknown = files[path];
    if (file instanceof Uint8Array) return file;
    if (file instanceof URL) return readUrl(file, path, context);
    throw new ModelError('invalid-argument', `${path} must be a Uint8Array or a URL, found ${typeof file}`);
  };
  return { origin: 'the given files', read };
}

async function readUrl(
  url: Extract<ModelFile, URL>,
  file: string,
  context: ReadContext,
): Promise<Uint8Array> {
  const bytes = await bytesOf(url, file, context);
  if (bytes === undefined)
    throw new ModelNotFoundError(`${file}: there is nothing at ${printable(url)}`, [file]);
  return bytes;
}

async function bytesOf(url: URL, file: string, context: ReadContext): Promise<Uint8Array | undefined> {
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      refuseCredentials(url);
      return fetchFile({ url, file }, context);
    case 'data:':
    case 'blob:':
      return fetchFile({ url, file }, context);
    case 'file:':
      if (platform.hasFiles) return platform.readFile(url, file, context);
      throw new UnsupportedModelError(
        `${file}: a file: URL cannot be read here, for there is no file system`,
      );
    default:
      throw new UnsupportedModelError(`${file}: ${url.protocol} URLs cannot be read; give the bytes`);
  }
}
