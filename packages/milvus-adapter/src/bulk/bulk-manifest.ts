import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Shard } from '../ingest/shard.js';
import { MilvusError } from '../milvus-error.js';
import type { BulkFormat } from './bulk-file.js';
import { fileError } from './file-error.js';
import { unfinishedPath } from './output-file.js';

/** A file for Milvus to import. */
export interface BulkManifestFile {
  /** Its name in the folder of the manifest. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/** A row that did not go into a file. */
export interface BulkProblem {
  /** Position in the input, from 0. */
  readonly index: number;
  readonly id: string | undefined;
  readonly reason: string;
}

/** What lies in a folder of import files, and how far they are. */
export interface BulkManifest {
  readonly version: 1;
  /** Collection that the files are for. */
  readonly collection: string;
  /** Which model made the vectors. */
  readonly fingerprint: string;
  readonly format: BulkFormat;
  /** Part of the input that the files hold; all of it, unless given. */
  readonly shard?: Shard;
  /** Whether the input has come to its end. */
  readonly complete: boolean;
  /** Rows taken from the input, also those of other shards: where to go on. */
  readonly read: number;
  /** Rows in the files. */
  readonly rows: number;
  /** Rows left out because an earlier one has their id. */
  readonly repeated: number;
  /** Rows left out because they do not fit. */
  readonly failed: number;
  /** The first hundred of those. */
  readonly problems: readonly BulkProblem[];
  readonly files: readonly BulkManifestFile[];
}

/** The name that the files of a shard begin with. */
export function partName(shard: Shard | undefined): string {
  if (shard === undefined) return 'part';
  const digits = (value: number): string => String(value).padStart(5, '0');
  return `part-${digits(shard.index)}-of-${digits(shard.count)}`;
}

/** Where the manifest of a folder, or of a shard in it, is. */
export function manifestPath(folder: string, shard?: Shard): string {
  return join(folder, `${partName(shard)}.manifest.json`);
}

/**
 * Reads a manifest.
 *
 * @param path - see {@link manifestPath}
 * @throws `MilvusError` with `not-found`, or `invalid-argument` where the file is none
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
  if (manifest.version !== 1) return `its version is ${String(manifest.version)}, and this program knows 1`;
  const { collection, fingerprint, format, complete, files } = manifest;
  if (typeof collection !== 'string' || typeof fingerprint !== 'string')
    return 'no collection or fingerprint';
  if (format !== 'parquet' && format !== 'json') return `its format is ${String(format)}`;
  for (const name of ['read', 'rows', 'repeated', 'failed'] as const) {
    if (!Number.isSafeInteger(manifest[name])) return `${name} is no number`;
  }
  if (typeof complete !== 'boolean' || !Array.isArray(manifest.problems)) return 'it is not whole';
  const areFiles =
    Array.isArray(files) &&
    files.every(({ name, rows, bytes, sha256 }: Partial<BulkManifestFile>) => {
      const hasCounts = Number.isSafeInteger(rows) && Number.isSafeInteger(bytes);
      return typeof name === 'string' && !/[\\/]/.test(name) && hasCounts && typeof sha256 === 'string';
    });
  return areFiles ? (manifest as BulkManifest) : 'its list of files is not whole';
}

/** Replaces a manifest in one step. */
export async function writeManifest(path: string, manifest: BulkManifest): Promise<void> {
  try {
    await writeFile(unfinishedPath(path), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    await rename(unfinishedPath(path), path);
  } catch (error) {
    throw fileError(`writing ${path}`, error);
  }
}
