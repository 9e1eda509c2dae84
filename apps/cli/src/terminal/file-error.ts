import { FailureError } from './cli-error.js';
import type { CliRemedy } from './remedies/cli-remedy.js';

/** Errors of the operating system that the user can do something about: the reason, and what to do. */
const REASONS: Readonly<Record<string, readonly [reason: string, remedy: CliRemedy]>> = {
  ENOENT: ['there is no such file or folder', { code: 'check-path' }],
  EISDIR: ['it is a folder', { code: 'name-file' }],
  ENOTDIR: ['a part of the path is a file, not a folder', { code: 'check-path' }],
  EACCES: ['permission denied', { code: 'check-permissions' }],
  EPERM: ['permission denied', { code: 'check-permissions' }],
  EROFS: ['the file system is read-only', { code: 'choose-folder' }],
  ENOSPC: ['the disk is full', { code: 'free-space' }],
  EDQUOT: ['the disk quota is used up', { code: 'free-space' }],
  EMFILE: ['too many files are open', { code: 'raise-file-limit' }],
  ELOOP: ['its links lead in a circle', { code: 'check-path' }],
  ENAMETOOLONG: ['the name is too long', { code: 'shorten-name' }],
};

/** Returns an error that names the file and the reason why it could not be read or written. */
export function fileError(verb: 'read' | 'write', path: string, cause: unknown): FailureError {
  const code = systemErrorCode(cause);
  const known = code === undefined ? undefined : REASONS[code];
  if (known !== undefined) {
    const [reason, remedy] = known;
    return new FailureError(`cannot ${verb} ${path}: ${reason}`, { cause, remedy });
  }
  return new FailureError(
    `cannot ${verb} ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      cause,
    },
  );
}

/** Whether an error of the operating system says that the disk or its quota is used up. */
export function isFullDisk(error: unknown): boolean {
  const code = systemErrorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT';
}

/** Returns the operating system's code of an error, such as `ENOENT`. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
