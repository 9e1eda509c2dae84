import { platform } from '#platform';
import { openHttpFolder } from './http-folder.js';
import { printable } from './http-request.js';
import type { HubAccess } from './hub/hub-access.js';
import { hubEndpoint } from './hub/hub-endpoint.js';
import { checkToken, isHubId } from './hub/hub-id.js';
import { openModelFiles } from './memory-folder.js';
import { ModelError, ModelNotFoundError, UnsupportedModelError } from './model-error.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { openPlatformFolder } from './platform-folder.js';
import type { ModelSource } from './static-model.js';

/** With two slashes, so that the drive of a Windows path such as `C:\models` is not taken for a scheme. */
const URL_WITH_AUTHORITY = /^[a-z][a-z0-9+.-]+:\/\//i;

/**
 * Finds out what a source is, without reading a model's file yet.
 *
 * @param prefix - folder of the model inside the source, empty or with a slash at the end
 */
export async function openSource(
  source: ModelSource,
  access: HubAccess,
  prefix: string,
  context: ReadContext,
): Promise<ModelFolder> {
  if (typeof source === 'string') return openText(source, access, prefix, context);
  if (source instanceof URL) return openUrl(source, access, context);
  if (typeof source === 'object' && source !== null) return openModelFiles(source, context);
  throw new ModelError(
    'invalid-argument',
    `a model source is a string, a URL or an object of files; found ${source === null ? 'null' : typeof source}`,
  );
}

async function openText(
  text: string,
  access: HubAccess,
  prefix: string,
  context: ReadContext,
): Promise<ModelFolder> {
  if (text !== '' && (await isFolder(text))) return openPlatformFolder(text, text, context);
  if (URL_WITH_AUTHORITY.test(text) && URL.canParse(text)) return openUrl(new URL(text), access, context);
  if (isHubId(text)) return platform.openHub(text, access, prefix, context);
  const tried = [
    platform.hasFiles ? 'a folder (none is there)' : 'a folder (there is no file system here)',
    'an http:, https: or file: URL',
    'a Hub id such as "minishlab/potion-base-8M"',
  ];
  throw new ModelNotFoundError(
    `there is no model ${JSON.stringify(text)}: it is not ${tried.join(', not ')}`,
    tried,
  );
}

async function openUrl(url: URL, access: HubAccess, context: ReadContext): Promise<ModelFolder> {
  switch (url.protocol) {
    case 'http:':
    case 'https:': {
      // A token for the Hub is nobody else's business, also where another address is given with it.
      const token =
        access.token !== undefined && url.origin === hubEndpoint(access.endpoint).origin
          ? access.token
          : undefined;
      if (token !== undefined) checkToken(token);
      return openHttpFolder(url, printable(url), context, { token });
    }
    case 'file:':
      if (!platform.hasFiles) {
        throw new UnsupportedModelError(
          `${url}: a file: URL cannot be read here, for there is no file system`,
        );
      }
      if (await isFolder(url)) return openPlatformFolder(url, String(url), context);
      throw new ModelNotFoundError(`there is no folder ${url}`, [url.href]);
    default:
      throw new ModelNotFoundError(
        `${url.protocol} URLs cannot be read; give an http:, https: or file: URL of a folder, or the bytes of the files`,
        [url.protocol],
      );
  }
}

async function isFolder(path: string | URL): Promise<boolean> {
  const kind = await platform.kindOf(path);
  if (kind !== 'file') return kind === 'folder';
  throw new ModelNotFoundError(`${path} is a file; give the folder that holds the model's files`, [
    String(path),
  ]);
}
