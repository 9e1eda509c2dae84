import { FailureError } from './cli-error.js';

/** Causes that a person can do something about; any other is named by its code. */
const REMEDIES: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check the path',
  EISDIR: 'it is a folder; name a file',
  ENOTDIR: 'a part of the path is a file, not a folder; check the path',
  EACCES: 'permission denied; check who owns it',
  EPERM: 'permission denied; check who owns it',
  EROFS: 'the file system is read-only; choose another folder',
  ENOSPC: 'the disk is full; free space or choose another folder',
  EDQUOT: 'the disk quota is used up; free space or choose another folder',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
  ELOOP: 'its links lead in a circle; check the path',
  ENAMETOOLONG: 'the name is too long; choose a shorter one',
};

/** Says in one line which file could not be read or written, and why. */
export function fileError(verb: 'read' | 'write', path: string, cause: unknown): FailureError {
  const code = systemErrorCode(cause);
  const reason = (code && REMEDIES[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  return new FailureError(`cannot ${verb} ${path}: ${reason}`, { cause });
}

/** The operating system's name of an error, such as `ENOENT`. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
