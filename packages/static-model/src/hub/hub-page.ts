import { ModelError } from '../model-error.js';
import { MODEL_FILES } from '../source/layout.js';
import { hubEndpoint } from './hub-endpoint.js';
import { isHubId } from './hub-id.js';
import { useHubId } from './hub-remedies.js';

/** A model as named by the address of a Hub page. */
export interface HubPage {
  readonly id: string;
  readonly revision?: string | undefined;
  readonly subfolder?: string | undefined;
}

const WEBSITES = /^(?:https?:\/\/)?(?:www\.)?(?:huggingface\.co|hf\.co)\//i;
/** Addresses in the Hub's file system library. */
const FILE_SYSTEM = /^hf:\/\//i;
/** First path segments of pages that are not about a model. */
const OTHER_PAGES = ['collections', 'datasets', 'docs', 'organizations', 'papers', 'spaces', 'settings'];

/**
 * Parses the address of a Hub page, such as `https://huggingface.co/org/name/tree/main`, and ids with a revision, such
 * as `org/name@v1`. The address of a folder of files, `…/org/name/resolve/main`, is a source and not a page.
 *
 * @returns `undefined` for any other address
 */
export function hubPageOf(address: string, endpoint: URL): HubPage | undefined {
  const [path = ''] = address.split(/[?#]/);
  const mirror = `${endpoint.origin}${endpoint.pathname.replace(/\/$/, '')}/`;
  if (FILE_SYSTEM.test(path)) return pageAt(path.replace(FILE_SYSTEM, ''));
  if (WEBSITES.test(path)) return pageAt(path.replace(WEBSITES, ''));
  if (path.startsWith(mirror)) return pageAt(path.slice(mirror.length));
  const [id = '', revision, ...rest] = address.split('@');
  return isHubId(id) && revision && rest.length === 0 ? { id, revision } : undefined;
}

function pageAt(path: string): HubPage | undefined {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] === 'api') parts.shift();
  if (parts[0] === 'models') parts.shift();
  const [owner = '', nameWithRevision = '', action, ...rest] = parts;
  const [name = '', ownRevision] = nameWithRevision.split('@');
  const id = `${owner}/${name}`;
  if (OTHER_PAGES.includes(owner) || !isHubId(id)) return undefined;

  const isFile = MODEL_FILES.includes(rest.at(-1) ?? '');
  if (action === 'resolve' && !isFile) return undefined;
  if (action === undefined || !['tree', 'blob', 'raw', 'resolve', 'commit'].includes(action)) {
    return { id, revision: ownRevision };
  }
  // A revision such as refs/pr/1 has slashes of its own.
  const revision = rest.splice(0, rest[0] === 'refs' ? 3 : 1).join('/');
  if (isFile || action === 'blob' || action === 'raw') rest.pop();
  return {
    id,
    revision: revision === '' || revision === 'main' ? undefined : decoded(revision),
    subfolder: rest.length === 0 ? undefined : rest.map(decoded).join('/'),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Creates the error for a string that is not a Hub id; if it is the address of a Hub page, the error names that model's
 * id.
 */
export function notHubId(text: string, endpoint?: string | undefined): ModelError {
  const page = hubPageOf(text, hubEndpoint(endpoint));
  return new ModelError(
    'invalid-argument',
    `${JSON.stringify(text)} is not a Hub id such as "minishlab/potion-base-8M"`,
    page && useHubId(page),
  );
}
