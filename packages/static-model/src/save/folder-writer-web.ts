import { UnsupportedModelError } from '../model-error.js';
import type { WriteFolder } from './folder-writer.js';

/** Browsers, edge runtimes, and all that is not Node: no file system. */
export const writeFolder: WriteFolder = (folder) =>
  Promise.reject(
    new UnsupportedModelError(`${folder} cannot be written, because this platform has no file system`, {
      remedy: { code: 'save-to-memory' },
    }),
  );
