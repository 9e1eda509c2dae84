import { createHash } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { readFile } from '../../platform/node/local-files.js';
import type { KeptTables } from '../../source/kept-tables.js';
import type { ReadContext } from '../../source/model-folder.js';
import { assetsFolder } from './environment.js';
import { DRAFT_SUFFIX, replaceFile } from './replaced-file.js';

/** Files kept; the ones used longest ago are removed. A file has about twice the size of its `tokenizer.json`. */
const MOST_FILES = 8;
const HASH_BYTES = 32;
/** Milliseconds after which a draft was left by a killed program. */
const LONGEST_WRITE = 60_000;

function sha256(parts: readonly Uint8Array[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/**
 * The place for the tables of a `tokenizer.json`: a file named by its hash, which begins with the hash of the tables.
 * `undefined` for a user without a folder for it.
 */
export function keptTables(tokenizerJson: Uint8Array, context: ReadContext): KeptTables | undefined {
  let folder: string;
  try {
    folder = join(assetsFolder(), 'model2vec-ts', 'tokenizers');
  } catch {
    return undefined;
  }
  const path = join(folder, sha256([tokenizerJson]).toString('hex'));
  return {
    async read() {
      const bytes = await readFile(path, path, { ...context, onProgress: () => undefined }).catch(
        () => undefined,
      );
      if (bytes === undefined) return undefined;
      const tables = bytes.subarray(HASH_BYTES);
      if (!sha256([tables]).equals(bytes.subarray(0, HASH_BYTES))) return undefined;
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
      return tables;
    },
    write(parts) {
      // A read-only or full disk only means that the tables are computed again next time.
      replaceFile(path, [sha256(parts), ...parts])
        .then(() => removeOldest(folder))
        .catch(() => undefined);
    },
  };
}

async function removeOldest(folder: string): Promise<void> {
  const files = await Promise.all(
    (await readdir(folder)).map(async (name) => ({
      name,
      used: (await stat(join(folder, name))).mtimeMs,
    })),
  );
  const isDraft = ({ name }: { readonly name: string }): boolean => name.endsWith(DRAFT_SUFFIX);
  const abandoned = files.filter((file) => isDraft(file) && file.used < Date.now() - LONGEST_WRITE);
  const oldest = files.filter((file) => !isDraft(file)).sort((a, b) => b.used - a.used);
  for (const { name } of [...abandoned, ...oldest.slice(MOST_FILES)]) {
    await rm(join(folder, name), { force: true });
  }
}
