import type { FolderObstacle } from './remedy.js';

const OBSTACLES: Readonly<Record<string, readonly [FolderObstacle, reason: string]>> = {
  ENOSPC: ['disk-full', 'the disk is full'],
  EDQUOT: ['disk-full', 'the disk quota is used up'],
  EACCES: ['permission-denied', 'permission denied'],
  EPERM: ['permission-denied', 'permission denied'],
  EROFS: ['read-only', 'the file system is read-only'],
  ENOTDIR: ['not-a-folder', 'a part of the path is a file, not a folder'],
  EEXIST: ['not-a-folder', 'a part of the path is a file, not a folder'],
  ENAMETOOLONG: ['name-too-long', 'the name is too long'],
};

/** Explains what a system error code means for a folder. An unknown code is returned as its own reason. */
export function folderObstacle(systemCode: string): {
  readonly obstacle: FolderObstacle;
  readonly reason: string;
} {
  const [obstacle, reason] = OBSTACLES[systemCode] ?? ['unknown', systemCode];
  return { obstacle, reason };
}

/** Words for what removes the obstacle. */
export function obstacleRemoval(obstacle: FolderObstacle): string {
  switch (obstacle) {
    case 'disk-full':
      return 'free some space';
    case 'permission-denied':
      return 'check the owner and the permissions';
    case 'read-only':
      return 'make the file system writable';
    case 'not-a-folder':
      return 'check the path';
    case 'name-too-long':
      return 'shorten the name';
    case 'unknown':
      return 'check the folder';
  }
}
