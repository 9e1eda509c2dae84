import { folderObstacle } from '../../folder-obstacle.js';
import { ModelCacheError } from '../../model-error.js';
import { isSystemError, messageOf, systemCode } from '../../thrown-value.js';

/** Turns a failure of the file system into an error about the cache; every other thrown value stays as it is. */
export function cacheError(path: string, thrown: unknown): unknown {
  if (!isSystemError(thrown)) return thrown;
  const { obstacle, reason } = folderObstacle(systemCode(thrown) ?? messageOf(thrown));
  return new ModelCacheError(path, `the model cache cannot be used at ${path}: ${reason}`, {
    cause: thrown,
    remedy: { code: 'use-other-cache', obstacle },
  });
}
