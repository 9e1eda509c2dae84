import { obstacleRemoval } from '../folder-obstacle.js';
import type { FolderObstacle, ModelAdvice } from '../remedy.js';

export function saveElsewhere(obstacle: FolderObstacle): ModelAdvice {
  return {
    remedy: { code: 'save-elsewhere', obstacle },
    advice: `${obstacleRemoval(obstacle)}, or save to another folder`,
  };
}

export function saveToMemory(): ModelAdvice {
  return {
    remedy: { code: 'save-to-memory' },
    advice: 'use modelFilesOf(model), or pass an object with write(path, bytes)',
  };
}

export function convertDtype(dtype: 'float32'): ModelAdvice {
  return {
    remedy: { code: 'convert-dtype', dtype },
    advice: `convert it first: quantizeModel(model, { dtype: '${dtype}' }) keeps every value`,
  };
}

export function checkWriteAccess(repo: string): ModelAdvice {
  return {
    remedy: { code: 'check-write-access', repo },
    advice: `check that the token may write to ${repo}`,
  };
}

export function checkRepository(repo: string): ModelAdvice {
  return {
    remedy: { code: 'check-repository', repo },
    advice: `check the name and the revision of ${repo}`,
  };
}

export function installPackage(packageName: string): ModelAdvice {
  return { remedy: { code: 'install-package', packageName }, advice: `run npm install ${packageName}` };
}
