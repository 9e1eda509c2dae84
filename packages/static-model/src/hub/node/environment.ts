import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { ModelError } from '../../model-error.js';

/** The same as in the reference's client. */
const DEFAULT_TIMEOUT_SECONDS = 10;

/** Value of a variable; an empty one counts as not set. */
function variable(name: string): string | undefined {
  return process.env[name] || undefined;
}

function isTrue(name: string): boolean {
  return ['1', 'ON', 'YES', 'TRUE'].includes(variable(name)?.toUpperCase() ?? '');
}

/** A path with `~` and variables replaced, as Python's expanduser and expandvars do; unknown variables stay. */
function expanded(path: string): string {
  const home = path === '~' || /^~[/\\]/.test(path) ? homedir() + path.slice(1) : path;
  const windows = process.platform === 'win32' ? home.replace(/%([^%]+)%/g, valueOr) : home;
  return windows.replace(/\$(\w+)|\$\{([^}]*)\}/g, (text, plain?: string, braced?: string) =>
    valueOr(text, plain ?? braced ?? ''),
  );
}

function valueOr(text: string, name: string): string {
  return process.env[name] ?? text;
}

function homeFolder(): string {
  const cache = variable('XDG_CACHE_HOME') ?? join(homedir(), '.cache');
  return expanded(variable('HF_HOME') ?? join(cache, 'huggingface'));
}

/**
 * Folder of cached Hub models: the option, else as in the reference's client.
 *
 * @example
 * ```ts
 * import { hubCacheFolder } from '@model2vec-ts/static-model/hub-cache';
 *
 *
 * console.log(hubCacheFolder()); // HF_HUB_CACHE if it is set, else ~/.cache/huggingface/hub
 * console.log(hubCacheFolder('/models')); // /models
 * ```
 */
export function hubCacheFolder(cacheDir?: string | undefined): string {
  if (cacheDir === '')
    throw new ModelError('invalid-argument', 'cacheDir must name a folder; found an empty string');
  const folder = cacheDir ?? variable('HF_HUB_CACHE') ?? variable('HUGGINGFACE_HUB_CACHE');
  return resolve(folder === undefined ? join(homeFolder(), 'hub') : expanded(folder));
}

/** Folder in which libraries keep what they made from models, as in the reference's client. */
export function assetsFolder(): string {
  const folder = variable('HF_ASSETS_CACHE') ?? variable('HUGGINGFACE_ASSETS_CACHE');
  return resolve(folder === undefined ? join(homeFolder(), 'assets') : expanded(folder));
}

/** The variable that forbids requests to the Hub; `undefined` if they are allowed. */
export function offlineVariable(): 'HF_HUB_OFFLINE' | 'TRANSFORMERS_OFFLINE' | undefined {
  const name = variable('HF_HUB_OFFLINE') === undefined ? 'TRANSFORMERS_OFFLINE' : 'HF_HUB_OFFLINE';
  return isTrue(name) ? name : undefined;
}

/** Whether snapshots hold files instead of links. */
export function symlinksDisabled(): boolean {
  return isTrue('HF_HUB_DISABLE_SYMLINKS');
}

/** A token and its source. */
export interface FoundToken {
  readonly token: string;
  readonly source: string;
}

/** The token of the logged-in user, unless `HF_HUB_DISABLE_IMPLICIT_TOKEN` is set. */
export async function environmentToken(): Promise<FoundToken | undefined> {
  if (isTrue('HF_HUB_DISABLE_IMPLICIT_TOKEN')) return undefined;
  for (const source of ['HF_TOKEN', 'HUGGING_FACE_HUB_TOKEN']) {
    const token = cleaned(variable(source));
    if (token !== undefined) return { token, source };
  }
  const source = expanded(variable('HF_TOKEN_PATH') ?? join(homeFolder(), 'token'));
  // An unreadable token file means that no user is logged in.
  const token = cleaned(await readFile(source, 'utf8').catch(() => undefined));
  return token === undefined ? undefined : { token, source };
}

function cleaned(token: string | undefined): string | undefined {
  return token?.replaceAll('\r', '').replaceAll('\n', '').trim() || undefined;
}

/** Longest silence of the Hub in milliseconds; the variable is in seconds. */
export function timeoutFrom(name: 'HF_HUB_ETAG_TIMEOUT' | 'HF_HUB_DOWNLOAD_TIMEOUT'): number {
  const value = variable(name);
  if (value === undefined) return DEFAULT_TIMEOUT_SECONDS * 1000;
  const seconds = Number(value);
  if (seconds >= 0 && seconds < 2 ** 20) return (seconds || DEFAULT_TIMEOUT_SECONDS) * 1000;
  throw new ModelError(
    'invalid-argument',
    `${name} must be a number of seconds, found ${JSON.stringify(value)}`,
  );
}
