import { platform } from '#platform';
import type { HubAccess } from '../hub/hub-access.js';
import { hubEndpoint } from '../hub/hub-endpoint.js';
import { checkToken, isHubId } from '../hub/hub-id.js';
import { hubPageOf } from '../hub/hub-page.js';
import { useHubId } from '../hub/hub-remedies.js';
import { ModelNotFoundError, UnsupportedModelError } from '../model-error.js';
import { openHttpFolder } from './http-folder.js';
import { printable } from './http-request.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { useOtherSource } from './source-remedies.js';

/** Requires two slashes, so that the drive of a Windows path such as `C:\models` is not taken for a scheme. */
const URL_WITH_AUTHORITY = /^[a-z][a-z0-9+.-]+:\/\//i;

/** Opens the model at a URL or with a Hub id, once `platform` has found no folder of that name. */
export async function openAddress(
  address: string | URL,
  access: HubAccess,
  prefix: string,
  context: ReadContext,
): Promise<ModelFolder> {
  if (typeof address !== 'string') return openUrl(address, access, context);
  refuseHubPage(address, access);
  if (URL_WITH_AUTHORITY.test(address) && URL.canParse(address)) {
    return openUrl(new URL(address), access, context);
  }
  if (isHubId(address)) {
    // Loaded on demand, because most programs start with a folder or bytes.
    const { openHubFolder } = await import('#hub-folder');
    return openHubFolder(address, access, prefix, context);
  }
  const tried = [
    platform.hasFiles ? 'a folder that exists' : 'a folder, because this platform has no file system',
    'an http:, https: or file: URL',
    'a Hub id',
  ];
  throw new ModelNotFoundError(
    `no model ${JSON.stringify(address)}: it is neither ${tried.join(' nor ')}`,
    tried,
    useOtherSource(),
  );
}

/** A Hub page holds no model files, but its address names the model. */
function refuseHubPage(address: string, access: HubAccess): void {
  const page = hubPageOf(address, hubEndpoint(access.endpoint));
  if (page === undefined) return;
  const shown = URL.canParse(address) ? printable(new URL(address)) : JSON.stringify(address);
  throw new ModelNotFoundError(
    `${shown} is not a Hub id, but names a model of the Hub`,
    [shown],
    useHubId(page),
  );
}

function openUrl(url: URL, access: HubAccess, context: ReadContext): ModelFolder {
  switch (url.protocol) {
    case 'http:':
    case 'https:': {
      refuseHubPage(url.href, access);
      // The Hub's token goes only to the Hub.
      const token =
        access.token !== undefined && url.origin === hubEndpoint(access.endpoint).origin
          ? access.token
          : undefined;
      if (token !== undefined) checkToken(token);
      return openHttpFolder(url, printable(url), context, { token });
    }
    case 'file:':
      if (platform.hasFiles) throw new ModelNotFoundError(`${url}: no such folder`, [url.href]);
      throw new UnsupportedModelError(`${url}: this platform has no file system to read a file: URL from`);
    default:
      throw new ModelNotFoundError(
        `${url.protocol} URLs cannot be read as a folder`,
        [url.protocol],
        useOtherSource(),
      );
  }
}
