import { ModelNotFoundError } from '../../model-error.js';
import type { ModelFolder, ReadContext } from '../../source/model-folder.js';
import { urlOf } from '../../source/source-kind.js';
import { useFolder } from '../../source/source-remedies.js';
import { joinPath, kindOf, listFiles, openFile, readFile } from './local-files.js';

/** Opens the folder at a path or at a `file:` URL, also as a string. Returns `undefined` if no folder is there. */
export async function openFolder(
  source: string | URL,
  context: ReadContext,
): Promise<ModelFolder | undefined> {
  const path = folderPath(source);
  if (path === '' || (typeof path !== 'string' && path.protocol !== 'file:')) return undefined;
  const kind = kindOf(path);
  if (kind === 'folder') return localFolder(path, String(source), context);
  if (kind === undefined) return undefined;
  const folder = String(path).replace(/[/\\][^/\\]*$/, '') || '.';
  throw new ModelNotFoundError(
    `${path} is a file, not the folder of a model`,
    [String(path)],
    useFolder(folder),
  );
}

/** A folder that exists. */
export function localFolder(folder: string | URL, origin: string, context: ReadContext): ModelFolder {
  return {
    origin,
    read: (path) => readFile(joinPath(folder, path), path, context),
    list: async () => listFiles(folder),
    open: async (path) => openFile(joinPath(folder, path), path, context),
  };
}

/** Accepts `file:` URLs as strings, too. */
function folderPath(source: string | URL): string | URL {
  const url = typeof source === 'string' ? urlOf(source) : undefined;
  return url?.protocol === 'file:' ? url : source;
}
