import { platform } from '#platform';
import type { HubAccess } from '../hub/hub-access.js';
import { ModelError } from '../model-error.js';
import type { ModelSource } from '../static-model.js';
import { openModelFiles } from './memory-folder.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { isUrl } from './source-kind.js';

/**
 * Determines the kind of a source, without reading model files.
 *
 * @param prefix - folder of the model inside the source: empty, or ending in a slash
 */
export async function openSource(
  source: ModelSource,
  access: HubAccess,
  prefix: string,
  context: ReadContext,
): Promise<ModelFolder> {
  if (typeof source === 'string' || isUrl(source)) {
    const folder = await platform.openFolder(source, context);
    if (folder !== undefined) return folder;
    // Loaded on demand: a local folder does not need it.
    const { openAddress } = await import('./open-address.js');
    return openAddress(source, access, prefix, context);
  }
  if (typeof source === 'object' && source !== null) return openModelFiles(source, context);
  throw new ModelError(
    'invalid-argument',
    `a model source must be a string, a URL or an object of files; found ${source === null ? 'null' : typeof source}`,
  );
}
