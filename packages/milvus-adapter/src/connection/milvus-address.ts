import { invalidArgument } from '../milvus-error.js';

/** A parsed address. */
export type MilvusAddress =
  | { readonly kind: 'server'; readonly host: string; readonly secure: boolean; readonly database?: string }
  | { readonly kind: 'folder'; readonly folder: string };

const DEFAULT_PORT = 19530;

/**
 * Reads what a person writes for a Milvus: an URL, `host:port`, or a folder for Milvus Lite. A folder has a slash, a
 * leading dot or tilde, or ends in `.db`, so that it cannot be a host.
 */
export function parseAddress(address: unknown): MilvusAddress {
  if (typeof address !== 'string' || address.trim() === '') {
    throw invalidArgument('the address of Milvus', 'http://host:port, host:port or a folder', address);
  }
  const text = address.trim();
  if (/^https?:\/\//i.test(text)) return parseUrl(text);
  if (/^file:\/\//i.test(text)) return { kind: 'folder', folder: decodeURIComponent(new URL(text).pathname) };
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(text)) {
    throw invalidArgument('the address of Milvus', 'of the scheme http, https or file', withoutSecrets(text));
  }
  if (/[\\/]|^[.~]|\.db$/i.test(text)) return { kind: 'folder', folder: text };
  return parseUrl(`http://${text}`);
}

function parseUrl(text: string): MilvusAddress {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalidArgument(
      'the address of Milvus',
      'http://host:port, host:port or a folder',
      withoutSecrets(text),
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw invalidArgument(
      'the address of Milvus',
      'without user and password, which are options of their own',
      withoutSecrets(text),
    );
  }
  const secure = url.protocol === 'https:';
  // URL drops the scheme's usual port, so what was written decides: 80 is as good as another when it is named.
  const written = /:(\d+)(?=[/?#]|$)/.exec(text.slice(text.indexOf('//') + 2))?.[1];
  const port = written ?? String(secure ? 443 : DEFAULT_PORT);
  const database = url.pathname.replaceAll('/', '');
  return {
    kind: 'server',
    host: `${url.hostname}:${port}`,
    secure,
    ...(database === '' ? {} : { database: decodeURIComponent(database) }),
  };
}

/** Whether a host, with or without a port, is this machine itself. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i.test(host);
}

/** An address as a message may show it. */
function withoutSecrets(text: string): string {
  return text.replace(/\/\/[^@/]*@/, '//…@');
}
