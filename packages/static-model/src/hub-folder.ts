import { platform } from '#platform';
import { openHttpFolder } from './http-folder.js';
import { ModelError, ModelNotFoundError, ModelRefusedError } from './model-error.js';
import type { ModelFolder, ReadContext } from './model-folder.js';

const DEFAULT_ENDPOINT = 'https://huggingface.co';
const MAX_ID_LENGTH = 96;

/** The Hub's own rule for names: letters, digits, `-`, `_` and `.`, with no `-` or `.` at an end, no `--` and no `..`. */
const HUB_NAME = /^(?!.*(?:--|\.\.))[A-Za-z0-9_](?:[\w.-]*[A-Za-z0-9_])?$/;

/** Which version of a Hub model, and with which right to it. */
export interface HubAccess {
  readonly revision?: string | undefined;
  readonly token?: string | undefined;
}

/** Whether a string can be a Hub id `org/name`. */
export function isHubId(text: string): boolean {
  const names = text.split('/');
  return names.length === 2 && text.length <= MAX_ID_LENGTH && names.every((name) => HUB_NAME.test(name));
}

/** Address of the Hub: `HF_ENDPOINT` where it is set, as for the Hub's own clients. */
export function hubEndpoint(): URL {
  const endpoint = platform.environmentVariable('HF_ENDPOINT');
  if (endpoint === undefined) return new URL(DEFAULT_ENDPOINT);
  if (/^https?:\/\//i.test(endpoint) && URL.canParse(endpoint)) return new URL(endpoint);
  throw new ModelError('invalid-argument', 'HF_ENDPOINT is not an http: or https: URL');
}

/** A token goes into a header; a wrong one would be repeated by the platform's own message. */
export function checkToken(token: string): void {
  if (/^[\x21-\x7e]+$/.test(token)) return;
  throw new ModelError(
    'invalid-argument',
    'the token is empty, or has a space, a line break or a character beyond ASCII',
  );
}

/** The files of a Hub model at a revision: a request a file, and no cache. */
export function openHubFolder(id: string, access: HubAccess, context: ReadContext): ModelFolder {
  const { revision = 'main', token } = access;
  if (token !== undefined) checkToken(token);
  const url = hubEndpoint();
  url.pathname = `${url.pathname.replace(/\/$/, '')}/${id}/resolve/${encodeURIComponent(revision)}`;
  const named = revision === 'main' ? id : `${id}@${revision}`;

  const explain = (response: Response): ModelError | undefined => {
    const code = response.headers.get('x-error-code');
    if (code === 'RevisionNotFound') {
      return new ModelNotFoundError(`${id}: the Hub has no revision "${revision}" of it`, [named]);
    }
    if (code === 'GatedRepo') {
      return new ModelRefusedError(
        `${id} is gated: accept its terms on the Hub, and pass the token of that account`,
        response.status,
      );
    }
    if (response.status === 401 || response.status === 403) {
      const advice = token === undefined ? 'pass a token' : 'check what the token may read';
      return new ModelRefusedError(
        `${id}: the Hub answered HTTP ${response.status}. Either there is no such model (and no folder of that name here), or it is private: check the name, or ${advice}`,
        response.status,
      );
    }
    if (code === 'RepoNotFound') {
      return new ModelNotFoundError(`${id}: the Hub has no such model, and there is no folder of that name`, [
        id,
      ]);
    }
    return undefined;
  };
  return openHttpFolder(url, named, context, { token, explain });
}
