import { rmSync } from 'node:fs';

const unfinished = new Set<string>();

/** Has a file or folder removed when the program is interrupted, until {@link forgetUnfinished} is called. */
export function rememberUnfinished(path: string): void {
  unfinished.add(path);
}

/** Lets a file live: it is finished, or gone. */
export function forgetUnfinished(path: string): void {
  unfinished.delete(path);
}

/** Removes every file that is still being written, before this returns: a signal leaves no time for promises. */
export function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The program is ending for another reason, which is the one to tell.
    }
  }
  unfinished.clear();
}
