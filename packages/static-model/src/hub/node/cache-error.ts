import { folderObstacle } from '../../folder-obstacle.js';
import { ModelCacheError } from '../../model-error.js';
import { isSystemError, messageOf, systemCode } from '../../thrown-value.js';

/** Turns a file system failure into an error about the cache; any other value is returned unchanged. */
export function cacheError(path: string, thrown: unknown): unknown {
  if (!isSystemError(thrown)) return thrown;
  const { obstacle, reason } = folderObstacle(systemCode(thrown) ?? messageOf(thrown));
  return new ModelCacheError(path, `the model cache cannot be used at ${path}: ${reason}`, {
    cause: thrown,
    remedy: { code: 'use-other-cache', obstacle },
  });
}
