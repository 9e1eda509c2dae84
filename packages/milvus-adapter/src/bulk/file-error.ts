import { MilvusError, type MilvusErrorCode } from '../milvus-error.js';

const CODES: Readonly<Record<string, MilvusErrorCode>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EACCES: 'refused',
  EPERM: 'refused',
  EROFS: 'refused',
  ENOSPC: 'limit',
  EDQUOT: 'limit',
  EFBIG: 'limit',
  EMFILE: 'limit',
};

/** Turns a file system failure into an error of this package. */
export function fileError(what: string, cause: unknown): MilvusError {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  return new MilvusError(CODES[code ?? ''] ?? 'server', `${what} failed: ${message ?? String(cause)}`, {
    cause,
  });
}
