import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Ends the names of files that are not whole yet. */
export const DRAFT_SUFFIX = '.tmp';

/** Eight random hexadecimal digits, unique to this process. */
export function uniqueSuffix(): string {
  return crypto.getRandomValues(new Uint32Array(1))[0]!.toString(16).padStart(8, '0');
}

/**
 * Replaces a file atomically, so that readers see the old content or the new.
 *
 * @param content - text, or bytes in parts
 */
export async function replaceFile(path: string, content: string | Iterable<Uint8Array>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${uniqueSuffix()}${DRAFT_SUFFIX}`;
  try {
    await writeFile(draft, content, { flag: 'wx' });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
