/**
 * Writes files into a folder on disk, which is made if it is missing; paths have `/` between their parts.
 *
 * A folder that is missing or empty appears whole or not at all. In one that has files, each file is replaced at once,
 * and only after all of them are on the disk.
 */
export type WriteFolder = (
  folder: string | URL,
  files: Readonly<Record<string, Uint8Array>>,
  signal?: AbortSignal,
) => Promise<void>;
