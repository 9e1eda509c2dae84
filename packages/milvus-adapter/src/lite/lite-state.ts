import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MilvusError } from '../milvus-error.js';
import { LITE_PROTOCOL, LOG_FILE, STATE_FILE } from './lite-protocol.js';
import { stateFolder } from './user-folders.js';

/** A data folder of Milvus Lite and where its server's state is kept. */
export interface LitePlace {
  /** The data folder, absolute, links resolved. */
  readonly folder: string;
  /** Holds the state file, the lock and the log of the folder's server. */
  readonly state: string;
  /** The server's log. */
  readonly log: string;
}

/** What a server tells about itself. */
export interface LiteIdentity {
  readonly folder: string;
  readonly pid: number;
  /** Port on 127.0.0.1 where it speaks Milvus' gRPC. */
  readonly port: number;
  /** When it was started, as ISO 8601 in UTC. */
  readonly started: string;
  /** Version of milvus-lite. */
  readonly milvusLite: string;
  /** The Python that runs it. */
  readonly python: string;
  /** Secret by which a client knows the server. */
  readonly proof: string;
}

/** Contents of the state file. */
export interface LiteState extends LiteIdentity {
  /** Port on 127.0.0.1 where it speaks the control protocol. */
  readonly control: number;
  /** Secret by which the server knows a client. */
  readonly token: string;
}

/**
 * Makes the data folder and its state folder where they are missing.
 *
 * @throws {@link MilvusError}: `invalid-argument` for a file or for a folder of other things, `refused` for a folder
 * that cannot be written, `limit` for a full disk
 */
export async function preparePlace(folder: string): Promise<LitePlace> {
  const path = absolute(folder);
  await refuseWhatIsNotLite(path);
  await makeFolder(path, 'the folder of Milvus Lite', 'choose another folder, or change its permissions');
  return await placeOf(path);
}

/** The place of a folder that exists, with its state folder made. */
export async function placeOf(folder: string): Promise<LitePlace> {
  // One folder has many names; its server has one state.
  const real = await realpath(absolute(folder));
  const key = createHash('sha256').update(real).digest('hex').slice(0, 16);
  const state = join(serversFolder(), key);
  await makeFolder(
    state,
    'the folder for the state of Milvus Lite',
    'set XDG_STATE_HOME to a folder that you can write',
  );
  return { folder: real, state, log: join(state, LOG_FILE) };
}

/** Every state file of the user, also of servers that are gone. */
export async function readStates(): Promise<{ readonly state: LiteState; readonly log: string }[]> {
  const names = await readdir(serversFolder()).catch((): string[] => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const folder = join(serversFolder(), name);
      // One of another version of this package is not this one's to report.
      const state = await readState(folder).catch(() => undefined);
      return state === undefined ? [] : [{ state, log: join(folder, LOG_FILE) }];
    }),
  );
  return found.flat();
}

/**
 * The state file in a state folder; `undefined` where there is none or it cannot be read, as what a crash left.
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

/** What a state file and a server's answers have in common; `undefined` for anything else. */
export function parseIdentity(found: unknown): LiteIdentity | undefined {
  if (typeof found !== 'object' || found === null) return undefined;
  const { protocol, folder, pid, port, started, milvusLite, python, proof } = found as Record<
    string,
    unknown
  >;
  if (typeof protocol === 'number' && protocol !== LITE_PROTOCOL) {
    throw new MilvusError(
      'mismatch',
      `Milvus Lite on ${String(folder)} was started by another version of this package (protocol ${protocol}, not ${LITE_PROTOCOL}); end the programs that use it, or end process ${String(pid)}`,
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

async function refuseWhatIsNotLite(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) {
    throw new MilvusError(
      'invalid-argument',
      `${path} is a file, as Milvus Lite before 3.0 kept its data; 3.x keeps a folder and cannot read it: choose another path, and index again or copy the collections with the old version's \`milvus-lite dump\``,
    );
  }
  const names = await readdir(path).catch((): string[] => []);
  if (names.length === 0 || names.includes('collections') || names.includes('LOCK')) return;
  throw new MilvusError(
    'invalid-argument',
    `${path} holds other things than Milvus Lite's data (${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''}); choose a new or an empty folder`,
  );
}

async function makeFolder(path: string, what: string, advice: string): Promise<void> {
  try {
    // Only the user may read the secrets of a state folder, or the texts of a data folder.
    await makeFolders(path, 0o700);
  } catch (error) {
    throw systemError((error as NodeJS.ErrnoException).code ?? '', `${what} ${path}`, advice, error);
  }
}

/** Node's own recursive `mkdir` says ENOENT for a read-only file system, and in /proc it never ends. */
async function makeFolders(path: string, mode?: number): Promise<void> {
  for (let parentsMade = false; ; parentsMade = true) {
    try {
      await mkdir(path, mode);
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Systems differ in whether an existing folder or a missing permission is what they say first.
      if ((await stat(path).catch(() => undefined))?.isDirectory()) return;
      if (code !== 'ENOENT' || parentsMade || dirname(path) === path) throw error;
      await makeFolders(dirname(path));
    }
  }
}

/** For an error of the file system, by its name as `errno.h` has it. */
export function systemError(name: string, what: string, advice: string, cause: unknown): MilvusError {
  if (name === 'ENOSPC' || name === 'EDQUOT') {
    return new MilvusError(
      'limit',
      `${what} cannot be written: the disk is full (${name}); free some space`,
      {
        cause,
        retriable: true,
      },
    );
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(name)) {
    return new MilvusError('refused', `${what} cannot be written (${name}); ${advice}`, { cause });
  }
  if (['ENOTDIR', 'EEXIST', 'ENAMETOOLONG', 'ENOENT', 'EINVAL'].includes(name)) {
    return new MilvusError('invalid-argument', `${what} cannot be made (${name}); ${advice}`, { cause });
  }
  return new MilvusError('server', `${what} cannot be used (${name || String(cause)}); ${advice}`, { cause });
}
