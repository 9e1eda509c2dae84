import { homedir } from 'node:os';
import { join } from 'node:path';
import type { MakingFlags } from './making-flags.js';

/** Folder that caches the vectors of teachers, or `undefined` for no cache. */
export function teacherCache({ cache, cacheDir }: MakingFlags): string | undefined {
  if (cache === false) return undefined;
  return (
    cacheDir ?? join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'model2vec-ts', 'teachers')
  );
}
