import { rmSync } from 'node:fs';

const unfinished = new Set<string>();

/** Registers a file or folder to be removed on an interruption, until {@link forgetUnfinished} is called. */
export function rememberUnfinished(path: string): void {
  unfinished.add(path);
}

/** Unregisters a file that is finished or gone. */
export function forgetUnfinished(path: string): void {
  unfinished.delete(path);
}

/** Whether this process is still writing a file. */
export function isUnfinished(path: string): boolean {
  return unfinished.has(path);
}

/** Removes every registered file, synchronously, because a signal leaves no time for promises. */
export function removeUnfinished(): void {
  for (const path of unfinished) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // The program is already ending for another reason, which is the one to report.
    }
  }
  unfinished.clear();
}
