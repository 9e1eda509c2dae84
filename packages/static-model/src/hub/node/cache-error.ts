import { folderObstacle } from '../../folder-obstacle.js';
import { ModelCacheError } from '../../server-error.js';
import { isSystemError, messageOf, systemCode } from '../../thrown-value.js';
import { useOtherCache } from '../hub-remedies.js';

/** Turns a file system failure into an error about the cache; any other value is returned unchanged. */
export function cacheError(path: string, thrown: unknown): unknown {
  if (!isSystemError(thrown)) return thrown;
  const { obstacle, reason } = folderObstacle(systemCode(thrown) ?? messageOf(thrown));
  return new ModelCacheError(path, `the model cache cannot be used at ${path}: ${reason}`, {
    cause: thrown,
    ...useOtherCache(obstacle),
  });
}
