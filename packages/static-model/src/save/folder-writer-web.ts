import { UnsupportedModelError } from '../model-error.js';
import type { WriteFolder } from './folder-writer.js';

/** Browsers, edge runtimes, and all that is not Node: no file system. */
export const writeFolder: WriteFolder = (folder) =>
  Promise.reject(
    new UnsupportedModelError(
      `${folder} cannot be written, for there is no file system here; take the files from modelFilesOf(model), or give an object with write(path, bytes)`,
    ),
  );
