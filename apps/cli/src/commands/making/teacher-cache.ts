import { cacheFolder } from '../../user-folders.js';
import type { TeacherFlags } from './making-flags.js';

/** Folder that caches the vectors of teachers, or `undefined` for no cache. */
export function teacherCache({ cache, cacheDir }: TeacherFlags): string | undefined {
  return cache === false ? undefined : (cacheDir ?? cacheFolder('teachers'));
}
