import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MilvusError } from '../milvus-error.js';
import type { MilvusRemedy } from '../remedy.js';
import { LITE_PROTOCOL, LOG_FILE, STATE_FILE } from './lite-protocol.js';
import { stateFolder } from './user-folders.js';

/** A data folder of Milvus Lite and the folder of its server's state. */
export interface LitePlace {
  /** The data folder, absolute, with links resolved. */
  readonly folder: string;
  /** The data folder as the caller wrote it, for messages. */
  readonly shown: string;
  /** Holds the state file, the lock and the log of the folder's server. */
  readonly state: string;
  /** The server's log. */
  readonly log: string;
}

/** How a server identifies itself. */
export interface LiteIdentity {
  readonly folder: string;
  readonly pid: number;
  /** Port of Milvus' gRPC on 127.0.0.1. */
  readonly port: number;
  /** Start time, as ISO 8601 in UTC. */
  readonly started: string;
  /** Version of milvus-lite. */
  readonly milvusLite: string;
  /** The Python that runs it. */
  readonly python: string;
  /** Secret by which a client recognises the server. */
  readonly proof: string;
}

/** Contents of the state file. */
export interface LiteState extends LiteIdentity {
  /** Port of the control protocol on 127.0.0.1. */
  readonly control: number;
  /** Secret by which the server recognises a client. */
  readonly token: string;
}

/**
 * Creates the data folder and its state folder if they are missing.
 *
 * @throws {@link MilvusError}: `invalid-argument` for a file or a folder with other data, `refused` for a folder that
 * is not writable, `limit` for a full disk
 */
export async function preparePlace(folder: string): Promise<LitePlace> {
  const path = absolute(folder);
  await refuseOtherData(path, folder);
  await makeFolder(path, `the folder of Milvus Lite ${folder}`, { code: 'make-writable', path });
  return await placeOf(folder);
}

/** The place of an existing folder; creates its state folder. */
export async function placeOf(folder: string): Promise<LitePlace> {
  // One folder has many names; its server has one state.
  const real = await realpath(absolute(folder));
  const key = createHash('sha256').update(real).digest('hex').slice(0, 16);
  const state = join(serversFolder(), key);
  await makeFolder(state, `the folder for the state of Milvus Lite ${state}`, {
    code: 'make-writable',
    path: state,
    variable: 'XDG_STATE_HOME',
  });
  return { folder: real, shown: folder, state, log: join(state, LOG_FILE) };
}

/** Every state file of the user, including those of servers that are gone. */
export async function readStates(): Promise<{ readonly state: LiteState; readonly log: string }[]> {
  const names = await readdir(serversFolder()).catch((): string[] => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(serversFolder(), name);
      // State files of other versions of this package are skipped.
      const state = await readState(folder).catch(() => undefined);
      return state === undefined ? [] : [{ state, log: join(folder, LOG_FILE) }];
    }),
  );
  return found.flat();
}

/**
 * The state file of a state folder; `undefined` if it is missing or damaged, as after a crash.
 *
 * @throws {@link MilvusError} `mismatch` for a state file of another version of this package
 */
export async function readState(folder: string): Promise<LiteState | undefined> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(join(folder, STATE_FILE), 'utf8'));
  } catch {
    return undefined;
  }
  const identity = parseIdentity(found);
  if (identity === undefined) return undefined;
  const { control, token } = found as Record<string, unknown>;
  return typeof control === 'number' && typeof token === 'string'
    ? { ...identity, control, token }
    : undefined;
}

/** Parses the common part of a state file and of a server's answers; `undefined` for anything else. */
export function parseIdentity(found: unknown): LiteIdentity | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { protocol, folder, pid, port, started, milvusLite, python, proof } = found as Record<
    string,
    unknown
  >;
  if (typeof protocol === 'number' && protocol !== LITE_PROTOCOL) {
    throw new MilvusError(
      'mismatch',
      `Milvus Lite on ${String(folder)} was started by another version of this package (protocol ${protocol}, not ${LITE_PROTOCOL})`,
      { remedy: { code: 'end-process', pid: typeof pid === 'number' ? pid : undefined } },
    );
  }
  if (protocol !== LITE_PROTOCOL || typeof pid !== 'number' || typeof port !== 'number') return undefined;
  if (typeof folder !== 'string' || typeof proof !== 'string' || typeof started !== 'string')
    return undefined;
  if (typeof milvusLite !== 'string' || typeof python !== 'string') return undefined;
  return { folder, pid, port, started, milvusLite, python, proof };
}

function serversFolder(): string {
  return join(stateFolder(), 'milvus-lite');
}

function absolute(folder: string): string {
  return resolve(folder.replace(/^~(?=$|[\\/])/, homedir()));
}

async function refuseOtherData(path: string, shown: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new MilvusError(
      'invalid-argument',
      `${shown} is a file; Milvus Lite before 3.0 kept its data in one, which 3.x cannot read (\`milvus-lite dump\` of the old version exports it)`,
      { remedy: { code: 'choose-folder' } },
    );
  }
  const names = await readdir(path).catch((): string[] => []);
  if (names.length === 0 || names.includes('collections') || names.includes('LOCK')) return;
  throw new MilvusError(
    'invalid-argument',
    `${shown} holds other data than Milvus Lite's (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''})`,
    { remedy: { code: 'choose-folder' } },
  );
}

async function makeFolder(path: string, what: string, remedy: MilvusRemedy): Promise<void> {
  try {
    // Only the user may read the secrets of a state folder, or the texts of a data folder.
    await makeFolders(path, 0o700);
  } catch (error) {
    throw systemError((error as NodeJS.ErrnoException).code ?? '', what, remedy, error);
  }
}

/** Node's recursive `mkdir` reports ENOENT for a read-only file system and never ends in /proc. */
async function makeFolders(path: string, mode?: number): Promise<void> {
  for (let parentsMade = false; ; parentsMade = true) {
    try {
      await mkdir(path, mode);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // For an existing folder some systems report a missing permission instead.
      if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
      if (code !== 'ENOENT' || parentsMade || dirname(path) === path) throw error;
      await makeFolders(dirname(path));
    }
  }
}

/**
 * The error for a failure of the file system.
 *
 * @param name - as in `errno.h`
 * @param remedy - for what is not a full disk
 */
export function systemError(name: string, what: string, remedy: MilvusRemedy, cause: unknown): MilvusError {
  if (name === 'ENOSPC' || name === 'EDQUOT') {
    return new MilvusError('limit', `${what} cannot be written: the disk is full (${name})`, {
      cause,
      retriable: true,
      remedy: { code: 'free-space' },
    });
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(name)) {
    return new MilvusError('refused', `${what} cannot be written (${name})`, { cause, remedy });
  }
  if (['ENOTDIR', 'EEXIST', 'ENAMETOOLONG', 'ENOENT', 'EINVAL'].includes(name)) {
    return new MilvusError('invalid-argument', `${what} cannot be made (${name})`, { cause, remedy });
  }
  return new MilvusError('server', `${what} cannot be used (${name || String(cause)})`, {
    cause,
    remedy,
  });
}
