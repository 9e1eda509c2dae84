import { ModelError } from '../model-error.js';

/** Whether a revision is a full commit hash, which never changes. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/**
 * Refuses names that git does not allow for branches and tags (git-check-ref-format), because the cache uses the
 * revision as a file name.
 */
export function checkRevision(revision: string): void {
  const parts = typeof revision === 'string' ? revision.split('/') : [''];
  const allowed = parts.every(
    (part) => part !== '' && !part.startsWith('.') && !part.endsWith('.') && !part.endsWith('.lock'),
  );
  if (allowed && revision.length <= 255 && !/[\x00-\x20\x7f~^:?*[\\]|\.\.|@\{/.test(revision)) return;
  throw new ModelError(
    'invalid-argument',
    `revision ${JSON.stringify(revision)} cannot be the name of a branch, a tag or a commit`,
  );
}
