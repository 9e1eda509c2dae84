/**
 * Writes files into a folder on disk, creating it if needed; paths use `/` as separator.
 *
 * A missing or empty folder appears complete or not at all. In a folder with files, each file is replaced atomically,
 * and only after all new files are on disk.
 */
export type WriteFolder = (
  folder: string | URL,
  files: Readonly<Record<string, Uint8Array>>,
  signal?: AbortSignal,
) => Promise<void>;
