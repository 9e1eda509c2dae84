import { platform } from '#platform';
import type { ModelFolder, ReadContext } from './model-folder.js';

/** A folder on disk. */
export function openPlatformFolder(folder: string | URL, origin: string, context: ReadContext): ModelFolder {
  return {
    origin,
    read: (path) => platform.readFile(platform.join(folder, path), path, context),
    list: async () => platform.listFiles(folder),
    open: async (path) => platform.openFile(platform.join(folder, path), path, context),
  };
}
