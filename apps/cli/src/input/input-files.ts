import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import { counted } from '../terminal/terminal.js';
import type { FileFormat, InputFile } from './input-file.js';
import { STANDARD_INPUT } from './text-source.js';

/** Kinds of files by the end of their names; in folders no others are taken. */
const FORMATS_BY_EXTENSION: ReadonlyMap<string, FileFormat> = new Map([
  ['.txt', 'text'],
  ['.text', 'text'],
  ['.jsonl', 'jsonl'],
  ['.ndjson', 'jsonl'],
  ['.csv', 'csv'],
  ['.tsv', 'csv'],
  ['.parquet', 'parquet'],
  ['.md', 'markdown'],
  ['.markdown', 'markdown'],
]);

/** Kinds that a person may try, and what to do with them instead of taking their lines for texts. */
const OTHER_KINDS: ReadonlyMap<string, string> = new Map([
  ['.json', 'make it JSON Lines, with jq -c ".[]" for example, or give --format jsonl if it is'],
  ['.gz', 'unpack it into a pipe: gunzip -c FILE | m2v index - --format …'],
  ['.zst', 'unpack it into a pipe: zstd -dc FILE | m2v index - --format …'],
  ['.zip', 'unpack it first'],
  ['.xlsx', 'export it as CSV'],
  ['.pdf', 'convert it to text or Markdown first'],
  ['.docx', 'convert it to Markdown first, with pandoc for example'],
  ['.html', 'convert it to Markdown first, with pandoc for example'],
]);

/** Characters by which a pattern is known. */
const PATTERN = /[*?[\]{}!()]/;

/**
 * Finds the files that a call names: files, folders with all that is in them, patterns such as `docs/**\/*.md`, and
 * `-` for standard input. The order is the call's, inside folders the alphabet's, and the same each time.
 *
 * @throws UsageError for calls that mean nothing
 * @throws FailureError where there is no such file, or none of a kind that is read
 */
export async function findInputFiles(
  named: readonly string[],
  format: FileFormat | undefined,
): Promise<InputFile[]> {
  const files = new Map<string, InputFile>();
  for (const name of named) {
    for (const file of await filesOf(name, format)) {
      if (files.has(file.path) && file.path === STANDARD_INPUT) {
        throw new UsageError('standard input is named twice; it can be read once');
      }
      files.set(file.path, file);
    }
  }
  return [...files.values()];
}

async function filesOf(name: string, format: FileFormat | undefined): Promise<InputFile[]> {
  if (name === STANDARD_INPUT) {
    if (process.stdin.isTTY) throw new UsageError('- is standard input, and nothing is piped into it');
    if (format === 'parquet') throw new UsageError('Parquet is read from its end; name a file, not a pipe');
    return [{ path: name, format: format ?? 'text', size: undefined, changed: 0 }];
  }
  const stats = await statOf(name);
  if (stats?.isDirectory()) return await inFolder(name, format);
  if (stats !== undefined) return [inputFile(name, stats, format ?? formatOf(name))];
  if (PATTERN.test(name)) return await matching(name, format);
  throw fileError('read', name, Object.assign(new Error('no such file'), { code: 'ENOENT' }));
}

function inputFile(path: string, stats: Stats, format: FileFormat): InputFile {
  if (format === 'parquet' && !stats.isFile()) {
    throw new UsageError(`${path}: Parquet is read from its end; name a file, not a pipe`);
  }
  return { path, format, size: stats.isFile() ? stats.size : undefined, changed: stats.mtimeMs };
}

function formatOf(path: string): FileFormat {
  const extension = extname(path).toLowerCase();
  const remedy = OTHER_KINDS.get(extension);
  if (remedy !== undefined) throw new FailureError(`${path}: ${extension} files are not read; ${remedy}`);
  return FORMATS_BY_EXTENSION.get(extension) ?? 'text';
}

async function inFolder(folder: string, format: FileFormat | undefined): Promise<InputFile[]> {
  await requireReadable(folder);
  const paths = await glob(['**/*'], folder);
  const known = paths.filter((path) => {
    const found = FORMATS_BY_EXTENSION.get(extname(path).toLowerCase());
    return found !== undefined && (format === undefined || format === found);
  });
  if (known.length === 0) {
    const kinds = [...FORMATS_BY_EXTENSION]
      .filter(([, kind]) => format === undefined || kind === format)
      .map(([extension]) => extension);
    throw new FailureError(
      `${folder} has no file to index among its ${counted(paths.length, 'file')}; looked for ${kinds.join(', ')}`,
    );
  }
  return await Promise.all(
    known.map(async (path) => {
      const whole = join(folder, path);
      const stats = await statOf(whole);
      if (stats === undefined) throw new FailureError(`cannot read ${whole}: it has just been removed`);
      return inputFile(whole, stats, FORMATS_BY_EXTENSION.get(extname(path).toLowerCase())!);
    }),
  );
}

async function matching(pattern: string, format: FileFormat | undefined): Promise<InputFile[]> {
  const paths = await glob([pattern], '.');
  if (paths.length === 0) {
    throw new FailureError(`no file matches ${pattern}; check the pattern, and the folder that you are in`);
  }
  return await Promise.all(
    paths.map(async (path) => {
      const stats = await statOf(path);
      if (stats === undefined) throw new FailureError(`cannot read ${path}: it has just been removed`);
      return inputFile(path, stats, format ?? formatOf(path));
    }),
  );
}

/** Folders that cannot be read would be passed over without a word. */
async function requireReadable(folder: string): Promise<void> {
  const { glob: find } = await import('tinyglobby');
  const inside = await find(['**/*'], {
    cwd: folder,
    onlyDirectories: true,
    expandDirectories: false,
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**'],
  });
  for (const path of ['', ...inside.sort()]) {
    const whole = join(folder, path);
    try {
      await access(whole, constants.R_OK | constants.X_OK);
    } catch (cause) {
      throw fileError('read', whole, cause);
    }
  }
}

async function glob(patterns: readonly string[], folder: string): Promise<string[]> {
  const { glob: find } = await import('tinyglobby');
  const found = await find(patterns, {
    cwd: folder,
    onlyFiles: true,
    expandDirectories: false,
    // A link may lead out of the folder or back into it.
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**'],
  });
  // By code units, which is the same on every machine.
  return found.sort();
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') return undefined;
    throw fileError('read', path, cause);
  }
}
