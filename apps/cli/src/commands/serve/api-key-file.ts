import { readFile } from 'node:fs/promises';
import { UsageError } from '../../terminal/cli-error.js';
import { fileError } from '../../terminal/file-error.js';

/** Reads API keys from a file, one per line, so that keys stay out of `ps` and the shell's history. */
export async function readApiKeys(path: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('read', path, error);
  }
  const keys = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  // Without a key the server would accept every request, although the user asked for protection.
  if (keys.length === 0) throw new UsageError(`${path} contains no key; write one per line`);
  return keys;
}
