import { localFolder } from '../../platform/node/local-folder.js';
import type { ModelFolder, ReadContext } from '../../source/model-folder.js';
import type { HubAccess } from '../hub-access.js';
import { nameOf } from '../hub-connection.js';
import { modelSelection } from './file-selection.js';
import { openSnapshot } from './node-hub.js';

/** Opens a Hub model as a folder in the cache, which is then read like any other. */
export async function openHubFolder(
  id: string,
  access: HubAccess,
  prefix: string,
  context: ReadContext,
): Promise<ModelFolder> {
  const origin = nameOf({ id, revision: access.revision ?? 'main' });
  const snapshot = await openSnapshot(id, access, modelSelection(prefix), context);
  return localFolder(snapshot.path, origin, context);
}
