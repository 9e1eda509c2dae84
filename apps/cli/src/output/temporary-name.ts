import { createHash, randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { isUnfinished } from './unfinished-files.js';

let host: string | undefined;

/**
 * Identifies this machine, because a process id means nothing on another one that shares the folder. Computed on first use:
 * loading Node's cryptography takes a tenth of a start.
 */
function hostHash(): string {
  host ??= createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
  return host;
}

/** Matches the names of {@link temporaryFileName} and the folders of {@link temporaryFolderPrefix}. */
const TEMPORARY = /(?:^\..*\.|^)m2v-([0-9a-f]{8})-(\d+)-[0-9A-Za-z]+(?:\.tmp)?$/;

/** A name for an unfinished file. It includes this process, so that later ones can check whether it still runs. */
export function temporaryFileName(name: string): string {
  // Names have at most 255 bytes, and a character at most four.
  return `.${Array.from(name).slice(0, 40).join('')}.${temporaryFolderPrefix()}${randomBytes(6).toString('hex')}.tmp`;
}

/** The beginning of the name of a temporary folder. */
export function temporaryFolderPrefix(): string {
  return `m2v-${hostHash()}-${process.pid}-`;
}

/** Removes what killed processes left in a folder. Failures are ignored, because others may clean up too. */
export async function removeAbandoned(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const path = join(folder, name);
    if (isAbandoned(name) && !isUnfinished(path)) {
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
    }
  }
}

function isAbandoned(name: string): boolean {
  const [, creator, id] = TEMPORARY.exec(name) ?? [];
  if (id === undefined || creator !== hostHash()) return false;
  const pid = Number(id);
  return pid === process.pid || !isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
