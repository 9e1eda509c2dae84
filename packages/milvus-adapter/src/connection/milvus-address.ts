import { invalidArgument, MilvusError } from '../milvus-error.js';

/** A parsed address. */
export type MilvusAddress =
  | { readonly kind: 'server'; readonly host: string; readonly secure: boolean; readonly database?: string }
  | { readonly kind: 'folder'; readonly folder: string };

const DEFAULT_PORT = 19530;
const FORMS = 'http://host:port, host:port, or a folder such as ./milvus.db';

/**
 * Parses the address of a Milvus: a URL, `host:port`, or a folder for Milvus Lite.
 *
 * A folder begins with `.`, `/`, `\`, `~` or a drive letter, or its last part ends in `.db`. Anything else is a server,
 * so that a forgotten scheme never creates a folder. A path without a port, such as `notes/data`, could be both and is
 * refused.
 *
 * @throws `MilvusError` with `invalid-argument`
 *
 * @example
 * ```ts
 * import { parseAddress } from '@model2vec-ts/milvus-adapter';
 *
 * parseAddress('localhost'); // { kind: 'server', host: 'localhost:19530', secure: false }
 * parseAddress('./notes.db'); // { kind: 'folder', folder: './notes.db' }
 * ```
 */
export function parseAddress(address: unknown): MilvusAddress {
  if (typeof address !== 'string' || address.trim() === '') {
    throw invalidArgument('the address of Milvus', FORMS, address);
  }
  const text = address.trim();
  if (/^https?:/i.test(text)) return parseUrl(text, text);
  if (/^file:\/\//i.test(text)) return { kind: 'folder', folder: filePath(text) };
  if (/^[./\\~]|^[a-z]:(?:[\\/]|$)/i.test(text)) return { kind: 'folder', folder: text };
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw unknownScheme(text);
  if (/^[^:?#@]*\.db[\\/]*$/i.test(text)) return { kind: 'folder', folder: text };
  if (/^[^/\\?#]*@/.test(text)) return parseUrl(`http://${text}`, text);
  const port = /^(\[[0-9a-f:.]+\]|[^:/\\?#]+):(\d+)(?=[/?#]|$)/i.test(text);
  if (!port && /^[a-z][a-z0-9+.-]*:/i.test(text)) throw unknownScheme(text);
  if (!port && /[\\/]/.test(text)) {
    throw new MilvusError(
      'invalid-argument',
      `the address of Milvus ${JSON.stringify(withoutSecrets(text))} could be a folder or a server`,
      { remedy: { code: 'write-address', folder: `./${text}`, server: `http://${withoutSecrets(text)}` } },
    );
  }
  return parseUrl(`http://${text}`, text);
}

function filePath(text: string): string {
  try {
    const { pathname, host } = new URL(text);
    // file:///C:/data has a slash before its drive letter.
    const path = decodeURIComponent(pathname).replace(/^\/(?=[a-z]:)/i, '');
    return host === '' ? path : `//${host}${path}`;
  } catch {
    throw invalidArgument('the address of Milvus', FORMS, text);
  }
}

function unknownScheme(text: string): MilvusError {
  return invalidArgument('the address of Milvus', FORMS, withoutSecrets(text));
}

function parseUrl(text: string, given: string): MilvusAddress {
  const wrong = (rule: string): MilvusError =>
    invalidArgument('the address of Milvus', rule, withoutSecrets(given));
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong(FORMS);
  }
  if (!/^https?:\/\//i.test(text) || url.hostname === '') throw wrong(FORMS);
  if (url.username !== '' || url.password !== '') {
    throw wrong('without user and password, which are options of their own');
  }
  if (url.search !== '' || url.hash !== '') throw wrong('without ? and #');
  const secure = url.protocol === 'https:';
  // URL drops the scheme's usual port, so the written text decides: 80 is kept when it is named.
  const written = /:(\d+)(?=[/?#]|$)/.exec(text.slice(text.indexOf('//') + 2))?.[1];
  const port = written ?? String(secure ? 443 : DEFAULT_PORT);
  if (Number(port) === 0) throw wrong('with a port from 1 to 65535');
  const path = url.pathname.replace(/^\/+|\/+$/g, '');
  if (path.includes('/')) throw wrong('with at most one name of a database after the port');
  let database: string;
  try {
    database = decodeURIComponent(path);
  } catch {
    throw wrong(FORMS);
  }
  return {
    kind: 'server',
    host: `${url.hostname}:${port}`,
    secure,
    ...(database === '' ? {} : { database }),
  };
}

/** Whether a host, with or without a port, is this machine. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}

/** An address as a message may show it. */
function withoutSecrets(text: string): string {
  return text.replace(/^((?:[a-z][a-z0-9+.-]*:)?\/*)[^/?#]*@/i, '$1…@');
}
