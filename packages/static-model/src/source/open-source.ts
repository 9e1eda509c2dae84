import { platform } from '#platform';
import type { HubAccess } from '../hub/hub-access.js';
import { ModelError, ModelNotFoundError } from '../model-error.js';
import type { ModelSource } from '../static-model.js';
import { openModelFiles } from './memory-folder.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { openPlatformFolder } from './platform-folder.js';
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
    const path = folderPath(source);
    const canBeFolder =
      platform.hasFiles && path !== '' && (typeof path === 'string' || path.protocol === 'file:');
    if (canBeFolder && (await isFolder(path))) return openPlatformFolder(path, String(source), context);
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

/** Accepts `file:` URLs as strings, too. */
function folderPath(source: string | URL): string | URL {
  return typeof source === 'string' && /^file:\/\//i.test(source) && URL.canParse(source)
    ? new URL(source)
    : source;
}

async function isFolder(path: string | URL): Promise<boolean> {
  const kind = await platform.kindOf(path);
  if (kind !== 'file') return kind === 'folder';
  const folder = String(path).replace(/[/\\][^/\\]*$/, '') || '.';
  throw new ModelNotFoundError(`${path} is a file, not the folder of a model`, [String(path)], {
    remedy: { code: 'use-folder', folder },
  });
}
