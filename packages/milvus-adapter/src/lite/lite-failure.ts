import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MilvusError } from '../milvus-error.js';
import type { LiteEnding } from './lite-lease.js';
import { type LitePlace, systemError } from './lite-state.js';
import { type FoundPython, MILVUS_LITE_VERSION, OLDEST_PYTHON, PYMILVUS_VERSION } from './python.js';

/** What the server's program says when it cannot go on. */
export interface LiteFailure {
  readonly reason: string;
  readonly found?: string;
  readonly missing?: string;
  readonly message?: string;
  readonly name?: string;
  /** Whether it is about the state folder and not the data. */
  readonly state?: boolean;
}

/** The error for what the server's program said. */
export async function failureError(
  failure: LiteFailure,
  place: LitePlace,
  python: FoundPython,
): Promise<MilvusError> {
  const { found = '', missing = '', message = '', name = '' } = failure;
  const instead =
    python.from === 'setup'
      ? 'run `m2v milvus setup` to make its environment anew'
      : 'run `m2v milvus setup` and leave the choice of Python out';
  const install = `install milvus-lite==${MILVUS_LITE_VERSION} and pymilvus==${PYMILVUS_VERSION} there, or ${instead}`;
  const of = `${python.path}${python.from === 'setup' ? '' : ` (from ${python.from})`}`;
  switch (failure.reason) {
    case 'old-python':
      return new MilvusError(
        'unsupported',
        `Milvus Lite needs Python ${OLDEST_PYTHON} or newer; ${of} is ${found}; ${instead}`,
      );
    case 'not-installed':
      return new MilvusError('not-found', `${of} has no ${missing}, which Milvus Lite needs; ${install}`);
    case 'wrong-version':
      return new MilvusError(
        'unsupported',
        `Milvus Lite must be 3.2 or newer, and older than 4; ${of} has ${found}; ${install}`,
      );
    case 'broken':
      return new MilvusError(
        'server',
        `Milvus Lite in ${of} cannot be loaded (${oneLine(message)}); ${instead}; log: ${place.log}`,
      );
    case 'locked':
      return new MilvusError(
        'locked',
        `${place.folder} is in use by ${await lockHolder(place)}; Milvus Lite serves a folder to one program at a time: end that one, or connect to the server it runs`,
        { retriable: true },
      );
    case 'port-taken':
      return new MilvusError(
        'invalid-argument',
        `the port asked for Milvus Lite is in use by another program (${oneLine(message)}); leave option port out to get a free one`,
      );
    case 'system':
      return systemError(
        name,
        failure.state
          ? `the state of Milvus Lite ${place.state}`
          : `the folder of Milvus Lite ${place.folder}`,
        `change its permissions, or ${failure.state ? 'set XDG_STATE_HOME to another folder' : 'choose another folder'} (${oneLine(message)})`,
        undefined,
      );
    default:
      return new MilvusError(
        'server',
        `Milvus Lite cannot open ${place.folder}: ${oneLine(message)}; log: ${place.log}`,
      );
  }
}

/** The error for a server's process that ended without a word of its own. */
export async function deathError(what: string, ending: string, place: LitePlace): Promise<MilvusError> {
  const last = (await lastLines(place.log, 1)).join('');
  const said = last === '' ? 'it wrote nothing' : `its last words: ${oneLine(last)}`;
  return new MilvusError('server', `${what} ${ending}; ${said}; log: ${place.log}`, { retriable: true });
}

/** The error for a server that ended while it was in use; retriable unless somebody asked it to end. */
export async function endError(
  what: string,
  ending: LiteEnding | undefined,
  place: LitePlace,
): Promise<MilvusError> {
  if (ending === undefined) return await deathError(what, 'ended unasked', place);
  if (ending.asked) {
    return new MilvusError('server', `${what} was asked to end, as \`m2v milvus stop\` does; connect again`);
  }
  const full = /no space left|disk quota|file too large/i.test(ending.message);
  const advice = full ? 'free some space' : `log: ${place.log}`;
  return new MilvusError(
    full ? 'limit' : 'server',
    `${what} ended, since it could not write (${oneLine(ending.message)}); what it had acknowledged is kept; ${advice}`,
    { retriable: true },
  );
}

/** The last lines of a log that say something; none where there is no log. */
async function lastLines(log: string, count: number): Promise<string[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(-count);
}

/** Who holds the data folder's lock, as far as the system says. */
async function lockHolder(place: LitePlace): Promise<string> {
  const unknown = 'another program';
  if (process.platform !== 'linux') return unknown;
  const file = await stat(join(place.folder, 'LOCK')).catch(() => undefined);
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  // A line of /proc/locks: `3: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF`, the last number of the triple an inode.
  const pid = locks
    .split('\n')
    .map((line) => /FLOCK\s+\S+\s+WRITE\s+(\d+)\s+\S+:(\d+)\s/.exec(line))
    .find((match) => match?.[2] === String(file?.ino))?.[1];
  if (pid === undefined) return unknown;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const shown = oneLine(command.replaceAll('\0', ' ')).slice(0, 80);
  return `process ${pid}${shown === '' ? '' : ` (${shown})`}`;
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 300);
}
