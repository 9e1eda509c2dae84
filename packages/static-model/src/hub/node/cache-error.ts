import { ModelCacheError } from '../../model-error.js';

/** The operating system's name of an error, such as `ENOENT`. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}

/** Whether a failure only says that nothing has that path. */
export function meansAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG'].includes(systemCode(error));
}

/** Whether a failure is the system's, and not of this package or an aborted signal. */
export function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}

const ELSEWHERE = 'or name another folder with cacheDir or HF_HUB_CACHE';

/** What a failure of the file system means for the cache. */
export function cacheError(path: string, error: unknown): ModelCacheError {
  const code = systemCode(error);
  const problem = (
    {
      ENOSPC: `the disk is full; free space, ${ELSEWHERE}`,
      EDQUOT: `the disk quota is used up; free space, ${ELSEWHERE}`,
      EACCES: `permission denied; check who owns it, ${ELSEWHERE}`,
      EPERM: `permission denied; check who owns it, ${ELSEWHERE}`,
      EROFS: `the file system is read-only; put the model there beforehand, ${ELSEWHERE}`,
    } as Readonly<Record<string, string>>
  )[code];
  return new ModelCacheError(
    path,
    `the model cache cannot be used at ${path}: ${problem ?? `${code}; check the folder, ${ELSEWHERE}`}`,
    { cause: error },
  );
}
