import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard } from '../ingest/shard.js';
import { MilvusError } from '../milvus-error.js';
import type { BulkFormat } from './bulk-file.js';
import { fileError } from './file-error.js';
import { unfinishedPath } from './output-file.js';

/** A file for Milvus to import. */
export interface BulkManifestFile {
  /** Its name in the manifest's folder. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** A row that was not written. */
export interface BulkProblem {
  /** Position in the input, from 0. */
  readonly index: number;
  readonly id: string | undefined;
  readonly reason: string;
}

/** Contents of a folder of import files, and their progress. */
export interface BulkManifest {
  readonly version: 1;
  /** Collection of the files. */
  readonly collection: string;
  /** Fingerprint of the model that made the vectors. */
  readonly fingerprint: string;
  readonly format: BulkFormat;
  /** Part of the input in the files; the whole input if absent. */
  readonly shard?: Shard;
  /** Whether the whole input was read. */
  readonly complete: boolean;
  /** Rows read from the input, including those of other shards; the position to continue from. */
  readonly read: number;
  /** Rows in the files. */
  readonly rows: number;
  /** Duplicates that were skipped. */
  readonly repeated: number;
  /** Invalid rows that were skipped. */
  readonly failed: number;
  /** The first hundred of them. */
  readonly problems: readonly BulkProblem[];
  readonly files: readonly BulkManifestFile[];
}

/** Prefix of the file names of a shard. */
export function partName(shard: Shard | undefined): string {
  if (shard === undefined) return 'part';
  const digits = (value: number): string => String(value).padStart(5, '0');
  return `part-${digits(shard.index)}-of-${digits(shard.count)}`;
}

/**
 * Path of the manifest of a folder or of a shard in it.
 *
 * @example
 * ```ts
 * import { manifestPath } from '@model2vec-ts/milvus-adapter/bulk';
 *
 * console.log(manifestPath('./import')); // import/part.manifest.json
 * console.log(manifestPath('./import', { index: 0, count: 4 })); // import/part-00000-of-00004.manifest.json
 * ```
 */
export function manifestPath(folder: string, shard?: Shard): string {
  return join(folder, `${partName(shard)}.manifest.json`);
}

/**
 * Reads a manifest.
 *
 * @param path - see {@link manifestPath}
 * @throws `MilvusError` with `not-found`, or `invalid-argument` if the file is not a manifest
 *
 * @example
 * ```ts
 * import { manifestPath, readManifest } from '@model2vec-ts/milvus-adapter/bulk';
 *
 * const { files, failed, repeated } = await readManifest(manifestPath('./import'));
 * console.log(`${files.length} files; ${failed} failed rows, ${repeated} duplicates`);
 * ```
 */
export async function readManifest(path: string): Promise<BulkManifest> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError(`reading ${path}`, error);
  }
  const manifest = parseManifest(text);
  if (typeof manifest === 'string') {
    throw new MilvusError('invalid-argument', `${path} is not a manifest of import files: ${manifest}`);
  }
  return manifest;
}

function parseManifest(text: string): BulkManifest | string {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch (error) {
    return String(error);
  }
  if (typeof found !== 'object' || found === null) return 'not an object';
  const manifest = found as Partial<BulkManifest>;
  if (manifest.version !== 1) return `its version is ${String(manifest.version)}; this program supports 1`;
  const { collection, fingerprint, format, complete, files } = manifest;
  if (typeof collection !== 'string' || typeof fingerprint !== 'string')
    return 'it has no collection or fingerprint';
  if (format !== 'parquet' && format !== 'json') return `its format is ${String(format)}`;
  for (const name of ['read', 'rows', 'repeated', 'failed'] as const) {
    if (!Number.isSafeInteger(manifest[name])) return `${name} is not a number`;
  }
  if (typeof complete !== 'boolean' || !Array.isArray(manifest.problems)) return 'it is incomplete';
  const areFiles =
    Array.isArray(files) &&
    files.every(({ name, rows, bytes, sha256 }: Partial<BulkManifestFile>) => {
      const hasCounts = Number.isSafeInteger(rows) && Number.isSafeInteger(bytes);
      return typeof name === 'string' && !/[\\/]/.test(name) && hasCounts && typeof sha256 === 'string';
    });
  return areFiles ? (manifest as BulkManifest) : 'its list of files is incomplete';
}

/** Replaces a manifest atomically. */
export async function writeManifest(path: string, manifest: BulkManifest): Promise<void> {
  try {
    await writeFile(unfinishedPath(path), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    await rename(unfinishedPath(path), path);
  } catch (error) {
    throw fileError(`writing ${path}`, error);
  }
}
