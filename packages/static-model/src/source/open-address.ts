import { platform } from '#platform';
import type { HubAccess } from '../hub/hub-access.js';
import { hubEndpoint } from '../hub/hub-endpoint.js';
import { checkToken, isHubId } from '../hub/hub-id.js';
import { hubPageOf } from '../hub/hub-page.js';
import { useHubId } from '../hub/hub-remedies.js';
import { ModelNotFoundError } from '../model-error.js';
import { openHttpFolder } from './http-folder.js';
import { printable } from './http-request.js';
import type { ModelFolder, ReadContext } from './model-folder.js';
import { urlOf } from './source-kind.js';
import { useOtherSource } from './source-remedies.js';

/** Opens the model at a URL or with a Hub id, once `platform` has found no folder of that name. */
export async function openAddress(
  address: string | URL,
  access: HubAccess,
  prefix: string,
  context: ReadContext,
): Promise<ModelFolder> {
  if (typeof address !== 'string') return openUrl(address, access, context);
  refuseHubPage(address, access);
  const url = urlOf(address);
  if (url !== undefined) return openUrl(url, access, context);
  if (isHubId(address)) {
    // Loaded on demand, because most programs start with a folder or bytes.
    const { openHubFolder } = await import('#hub-folder');
    return openHubFolder(address, access, prefix, context);
  }
  const tried = [
    platform.hasFiles ? 'a folder that exists' : 'a folder, because this platform has no file system',
    'a URL',
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

/** Opens a folder of any scheme that `fetch` takes, such as `chrome-extension:` or `capacitor:`. */
function openUrl(url: URL, access: HubAccess, context: ReadContext): ModelFolder {
  if (url.protocol === 'file:' && platform.hasFiles) {
    throw new ModelNotFoundError(`${url}: no such folder`, [url.href]);
  }
  // `data:` and `blob:` URLs hold one file.
  if (!URL.canParse('.', url)) {
    throw new ModelNotFoundError(
      `${url.protocol} URLs cannot be read as a folder`,
      [url.protocol],
      useOtherSource(),
    );
  }
  refuseHubPage(url.href, access);
  // The Hub's token goes only to the Hub.
  const token =
    access.token !== undefined && url.origin === hubEndpoint(access.endpoint).origin
      ? access.token
      : undefined;
  if (token !== undefined) checkToken(token);
  return openHttpFolder(url, printable(url), context, { token });
}
