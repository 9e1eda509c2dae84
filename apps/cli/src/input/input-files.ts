import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FailureError, UsageError } from '../terminal/cli-error.js';
import { fileError, systemErrorCode } from '../terminal/file-error.js';
import { counted, oneLine } from '../terminal/terminal.js';
import { type InputFile, STANDARD_INPUT } from './input-file.js';
import { conversionOf, formatOfName, type InputFormat, suffixesOf, suffixOf } from './input-format.js';

/** Characters that make a name a pattern. */
const PATTERN = /[*?[\]{}!()]/;

/** Finds files in the formats that a command reads. */
interface Finder {
  /** Format that the user named. */
  readonly format: InputFormat | undefined;
  /** Number of skipped files by suffix. */
  readonly skipped: Map<string, number>;
  /** Whether a folder or pattern may have no file. */
  readonly mayBeEmpty: boolean;
}

/**
 * Finds the files that the user named: files, folders with all their files, patterns such as `docs/**\/*.md`, and `-`
 * for standard input. Names keep their order, files in a folder are sorted. A folder's files in other formats are
 * skipped.
 *
 * @param onNotice - called with a line that counts the skipped files by suffix
 * @throws UsageError for standard input that is a terminal or named twice
 * @throws FailureError if a file is missing, unreadable or in another format
 */
export async function findInputFiles(
  named: readonly string[],
  format: InputFormat | undefined,
  onNotice: (line: string) => void,
  { mayBeEmpty = false }: { readonly mayBeEmpty?: boolean } = {},
): Promise<InputFile[]> {
  const finder: Finder = { format, skipped: new Map(), mayBeEmpty };
  const files = new Map<string, InputFile>();
  for (const name of named) {
    for (const file of await filesOf(name, finder)) {
      if (files.has(file.path) && file.path === STANDARD_INPUT) {
        throw new UsageError('standard input is named twice, but it can be read only once');
      }
      files.set(file.path, file);
    }
  }
  if (finder.skipped.size > 0) onNotice(skippedLine(finder.skipped));
  return [...files.values()];
}

/** `skipped 3 files in other formats: .png (2), without suffix (1)`. */
function skippedLine(skipped: ReadonlyMap<string, number>): string {
  const total = [...skipped.values()].reduce((sum, count) => sum + count, 0);
  const parts = [...skipped]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([suffix, count]) => `${suffix === '' ? 'without suffix' : oneLine(suffix)} (${count})`);
  const shown = parts.length > 10 ? [...parts.slice(0, 10), '…'] : parts;
  return `skipped ${counted(total, 'file')} in other formats: ${shown.join(', ')}`;
}

async function filesOf(name: string, finder: Finder): Promise<InputFile[]> {
  if (name === STANDARD_INPUT) {
    if (process.stdin.isTTY) throw new UsageError("'-' is standard input, and nothing is piped into it");
    return [
      {
        path: name,
        format: finder.format,
        isNamed: finder.format !== undefined,
        size: undefined,
        changed: 0,
      },
    ];
  }
  const stats = await statOf(name);
  if (stats?.isDirectory()) return await inFolder(name, finder);
  if (stats !== undefined) return [inputFile(name, stats, finder)];
  if (PATTERN.test(name)) return await matching(name, finder);
  throw fileError(
    'read',
    name,
    Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' }),
  );
}

function inputFile(path: string, stats: Stats, { format }: Finder): InputFile {
  const conversion = format === undefined ? conversionOf(path) : undefined;
  if (conversion !== undefined) {
    const advice = conversion.replace('FILE', path);
    throw new FailureError(`${path}: ${suffixOf(path)} files cannot be read; ${advice}`);
  }
  return {
    path,
    format: format ?? formatOfName(path),
    isNamed: format !== undefined,
    size: stats.isFile() ? stats.size : undefined,
    changed: stats.mtimeMs,
  };
}

async function inFolder(folder: string, finder: Finder): Promise<InputFile[]> {
  await requireReadable(folder);
  const paths = await glob(['**/*'], folder);
  const files: InputFile[] = [];
  for (const path of paths) {
    const found = formatOfName(path);
    if (found === undefined || (finder.format !== undefined && finder.format !== found)) {
      const suffix = suffixOf(path);
      finder.skipped.set(suffix, (finder.skipped.get(suffix) ?? 0) + 1);
      continue;
    }
    const whole = join(folder, path);
    const stats = await statOf(whole);
    if (stats === undefined) throw removedError(whole);
    files.push({ ...inputFile(whole, stats, finder), isNamed: false });
  }
  if (files.length > 0 || finder.mayBeEmpty) return files;
  throw new FailureError(
    `${folder} has no file to read among its ${counted(paths.length, 'file')}; looked for ${suffixesOf(finder.format).join(', ')}`,
  );
}

async function matching(pattern: string, finder: Finder): Promise<InputFile[]> {
  const paths = await glob([pattern], '.');
  if (paths.length === 0 && !finder.mayBeEmpty) {
    throw new FailureError(`no file matches ${pattern}; check the pattern and the current folder`);
  }
  return await Promise.all(
    paths.map(async (path) => {
      const stats = await statOf(path);
      if (stats === undefined) throw removedError(path);
      return inputFile(path, stats, finder);
    }),
  );
}

function removedError(path: string): FailureError {
  return new FailureError(`cannot read ${path}: it has just been removed`);
}

/** Refuses a folder with an unreadable folder in it, which the search would skip silently. */
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
    // A link may lead out of the folder, or back into it without end.
    followSymbolicLinks: false,
    ignore: ['**/node_modules/**'],
  });
  // Code units sort the same way on every machine.
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
