import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MilvusError } from '../milvus-error.js';
import type { MilvusRemedy } from '../remedy.js';
import type { LiteEnding } from './lite-lease.js';
import { type LitePlace, systemError } from './lite-state.js';
import { type FoundPython, MILVUS_LITE_VERSION, OLDEST_PYTHON, PYMILVUS_VERSION } from './python.js';

/** A failure that the server's program reported. */
export interface LiteFailure {
  readonly reason: string;
  readonly found?: string;
  readonly missing?: string;
  readonly message?: string;
  readonly name?: string;
  /** Whether it concerns the state folder instead of the data folder. */
  readonly state?: boolean;
}

/** The error for a failure that the server's program reported. */
export async function failureError(
  failure: LiteFailure,
  place: LitePlace,
  python: FoundPython,
): Promise<MilvusError> {
  const { found = '', missing = '', message = '', name = '' } = failure;
  const setUp: MilvusRemedy = { code: 'set-up-lite' };
  const install: MilvusRemedy = {
    code: 'install-packages',
    python: python.path,
    packages: [`milvus-lite==${MILVUS_LITE_VERSION}`, `pymilvus==${PYMILVUS_VERSION}`],
  };
  const log: MilvusRemedy = { code: 'read-log', log: place.log };
  const program = python.from === 'M2V_PYTHON' ? `${python.path} (from M2V_PYTHON)` : python.path;
  switch (failure.reason) {
    case 'old-python':
      return new MilvusError(
        'unsupported',
        `Milvus Lite needs Python ${OLDEST_PYTHON} or newer; ${program} is ${found}`,
        { remedy: setUp },
      );
    case 'not-installed':
      return new MilvusError('not-found', `${program} has no ${missing}, which Milvus Lite needs`, {
        remedy: install,
      });
    case 'wrong-version':
      return new MilvusError(
        'unsupported',
        `Milvus Lite must be version 3.2 or newer, but below 4; ${program} has ${found}`,
        { remedy: install },
      );
    case 'broken':
      return new MilvusError('server', `Milvus Lite in ${program} cannot be loaded (${oneLine(message)})`, {
        remedy: setUp,
      });
    case 'locked': {
      const { pid, name: holder } = await lockHolder(place);
      return new MilvusError(
        'locked',
        `${place.shown} is in use by ${holder}; Milvus Lite serves a folder to one program at a time`,
        { retriable: true, remedy: { code: 'end-process', pid } },
      );
    }
    case 'port-taken':
      return new MilvusError(
        'invalid-argument',
        `the port for Milvus Lite is in use by another program (${oneLine(message)})`,
        { remedy: { code: 'omit-option', option: 'port' } },
      );
    case 'system':
      return failure.state
        ? systemError(
            name,
            `the state of Milvus Lite ${place.state}`,
            { code: 'make-writable', path: place.state, variable: 'XDG_STATE_HOME' },
            undefined,
          )
        : systemError(
            name,
            `the folder of Milvus Lite ${place.shown}`,
            { code: 'make-writable', path: place.folder },
            undefined,
          );
    default:
      return new MilvusError('server', `Milvus Lite cannot open ${place.shown}: ${oneLine(message)}`, {
        remedy: log,
      });
  }
}

/** The error for a server whose process ended without a message of its own. */
export async function deathError(what: string, ending: string, place: LitePlace): Promise<MilvusError> {
  const last = (await lastLines(place.log, 1)).join('');
  const said = last === '' ? 'it logged nothing' : `its last log line: ${oneLine(last)}`;
  return new MilvusError('server', `${what} ${ending}; ${said}`, {
    retriable: true,
    remedy: { code: 'read-log', log: place.log },
  });
}

/** The error for a server that ended while it was in use; retriable unless someone asked it to end. */
export async function endError(
  what: string,
  ending: LiteEnding | undefined,
  place: LitePlace,
): Promise<MilvusError> {
  if (ending === undefined) return await deathError(what, 'crashed or was killed', place);
  if (ending.asked) {
    return new MilvusError('server', `${what} was asked to end`, { remedy: { code: 'connect-again' } });
  }
  const full = /no space left|disk quota|file too large/i.test(ending.message);
  return new MilvusError(
    full ? 'limit' : 'server',
    `${what} ended because it could not write (${oneLine(ending.message)}); everything that it had acknowledged is kept`,
    { retriable: true, remedy: full ? { code: 'free-space' } : { code: 'read-log', log: place.log } },
  );
}

/** The last lines of a log that are not blank; none if there is no log. */
async function lastLines(log: string, count: number): Promise<string[]> {
  const text = await readFile(log, 'utf8').catch(() => '');
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  return lines.slice(-count);
}

/** The process that holds the lock of the data folder, as far as the system shows it. */
async function lockHolder(
  place: LitePlace,
): Promise<{ readonly pid: number | undefined; readonly name: string }> {
  const unknown = { pid: undefined, name: 'another program' };
  if (process.platform !== 'linux') return unknown;
  const file = await stat(join(place.folder, 'LOCK')).catch(() => undefined);
  const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
  // A line of /proc/locks: `3: FLOCK  ADVISORY  WRITE 1234 fd:00:5678 0 EOF`; the last number of the triple is an inode.
  const pid = locks
    .split('\n')
    .map((line) => /FLOCK\s+\S+\s+WRITE\s+(\d+)\s+\S+:(\d+)\s/.exec(line))
    .find((match) => match?.[2] === String(file?.ino))?.[1];
  if (pid === undefined) return unknown;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const shown = oneLine(command.replaceAll('\0', ' ')).slice(0, 80);
  return { pid: Number(pid), name: `process ${pid}${shown === '' ? '' : ` (${shown})`}` };
}

function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, 300);
}
