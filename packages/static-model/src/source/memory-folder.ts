import { ModelError } from '../model-error.js';
import type { ModelFiles } from '../static-model.js';
import { type FileBytes, fileBytesOf } from './file-bytes.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { isBytes, isUrl } from './source-kind.js';

/** What `rangedFile` makes. */
export interface SelfOpening {
  open(file: string, context: ReadContext): Promise<FileBytes | undefined>;
}

function opensItself(file: unknown): file is SelfOpening {
  return typeof (file as Partial<SelfOpening> | undefined)?.open === 'function';
}

/** Opens files passed one by one. A URL in it must lead to a file, unless the file is optional. */
export function openModelFiles(files: ModelFiles, context: ReadContext): ModelFolder {
  const read = async (path: string): Promise<Uint8Array | undefined> => {
    if (!Object.hasOwn(files, path)) return undefined;
    const file: unknown = files[path];
    if (isBytes(file)) return file;
    // Bytes need none of this.
    if (isUrl(file)) return (await import('./given-url.js')).readGivenUrl(file, path, context);
    throw new ModelError('invalid-argument', `${path} must be a Uint8Array or a URL, found ${typeof file}`);
  };
  const open = async (path: string): Promise<FileBytes | undefined> => {
    const file: unknown = Object.hasOwn(files, path) ? files[path] : undefined;
    if (isUrl(file)) {
      const opened = await (await import('./given-url.js')).openGivenUrl(file, path, context);
      return isBytes(opened) ? fileBytesOf(opened) : opened;
    }
    if (opensItself(file)) return file.open(path, context);
    const bytes = await read(path);
    return bytes && fileBytesOf(bytes);
  };
  return { origin: 'the given files', read, open };
}
