import { rmSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Live downloads write more often; an older file was left by a killed process. */
const ABANDONED_MILLISECONDS = 3_600_000;

const unfinished = new Set<string>();

function removeAll(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { force: true });
    } catch {
      // The process is exiting anyway.
    }
  }
}

/** Removes a file when the process exits, unless {@link forgetUnfinished} is called. */
export function rememberUnfinished(path: string): void {
  if (unfinished.size === 0) process.on('exit', removeAll);
  unfinished.add(path);
}

export function forgetUnfinished(path: string): void {
  unfinished.delete(path);
  if (unfinished.size === 0) process.off('exit', removeAll);
}

/** Removes the partial downloads of killed processes, ours or Python's. */
export async function removeAbandoned(folder: string, blob: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(`${blob}.`) || !name.endsWith('.incomplete')) continue;
    const path = join(folder, name);
    const written = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    );
    if (Date.now() - written > ABANDONED_MILLISECONDS) await rm(path, { force: true }).catch(() => undefined);
  }
}
