import { UnsupportedModelError } from '../model-error.js';
import type { WriteFolder } from './folder-writer.js';
import { saveToMemory } from './save-remedies.js';

/** For browsers, edge runtimes and all other platforms without a file system. */
export const writeFolder: WriteFolder = (folder) =>
  Promise.reject(
    new UnsupportedModelError(
      `${folder} cannot be written, because this platform has no file system`,
      saveToMemory(),
    ),
  );
