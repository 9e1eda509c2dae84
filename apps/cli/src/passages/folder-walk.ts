import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
// Ten years old, well kept and without dependencies; ESLint and Prettier use it to read .gitignore.
import createIgnore, { type Ignore } from 'ignore';
import { fileError } from '../terminal/file-error.js';

/** Options of a walk. */
export interface WalkOptions {
  /** Patterns in `.gitignore` syntax; only files that match one are included, `!` excludes. */
  readonly globs?: readonly string[];
  /** Includes hidden files and folders. */
  readonly hidden?: boolean;
  /** Includes files that `.gitignore` excludes. */
  readonly ignored?: boolean;
}

/** A file or folder that was not read, and why. */
export interface SkippedPath {
  readonly path: string;
  readonly reason: string;
}

/** A file found by a walk. */
export interface WalkedFile {
  /** As named by the call, or below the folder named by the call; with `/` on every system. */
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

/** The rules of one `.gitignore`, which apply below its folder. */
interface Rules {
  readonly folder: string;
  readonly ignore: Ignore;
}

/** Folders without texts of the user's own. */
const NEVER: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/**
 * Finds files in folders. It skips hidden files, `.git`, `node_modules`, and what `.gitignore` files exclude, both in
 * the folders and above them up to the root of the repository. Links inside folders are not followed, so loops cannot
 * occur. Files named by the call are always included.
 */
export class FolderWalk {
  readonly #options: WalkOptions;
  readonly #globs: Ignore | undefined;
  readonly #exclusions: Ignore | undefined;
  readonly #onSkipped: (skipped: SkippedPath) => void;

  constructor(options: WalkOptions, onSkipped: (skipped: SkippedPath) => void) {
    const { globs = [] } = options;
    const included = globs.filter((glob) => !glob.startsWith('!'));
    const excluded = globs.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
    this.#options = options;
    this.#globs = included.length === 0 ? undefined : createIgnore().add([...included]);
    this.#exclusions = excluded.length === 0 ? undefined : createIgnore().add(excluded);
    this.#onSkipped = onSkipped;
  }

  /** Yields the files below the named paths, folders in the order of names, each file once. */
  *files(named: readonly string[]): Generator<WalkedFile, void, undefined> {
    const seen = new Set<string>();
    for (const name of named) {
      for (const file of this.#below(name)) {
        const key = resolve(file.path);
        if (seen.has(key)) continue;
        seen.add(key);
        yield file;
      }
    }
  }

  *#below(name: string): Generator<WalkedFile, void, undefined> {
    const stats = statOf(name);
    if (!stats.isFile() && !stats.isDirectory()) {
      // Reading a pipe would wait for its writer, and a device may never end.
      this.#onSkipped({ path: name, reason: 'it is a pipe or a device; pass files and folders' });
      return;
    }
    if (stats.isFile()) {
      yield { path: name, size: stats.size, modified: stats.mtimeMs };
      return;
    }
    yield* this.#folder(name, name, this.#options.ignored ? [] : rulesAbove(resolve(name)));
  }

  *#folder(folder: string, root: string, above: readonly Rules[]): Generator<WalkedFile, void, undefined> {
    let entries: ReturnType<typeof readEntries>;
    try {
      entries = readEntries(folder);
    } catch (error) {
      this.#onSkipped({ path: folder, reason: reasonOf(error) });
      return;
    }
    const own = this.#options.ignored ? undefined : rulesOf(folder);
    const rules = own === undefined ? above : [...above, own];
    for (const entry of entries) {
      const path = posix(join(folder, entry.name));
      if (NEVER.has(entry.name) || (entry.name.startsWith('.') && !this.#options.hidden)) continue;
      if (isIgnored(resolve(path), entry.isDirectory(), rules)) continue;
      if (entry.isDirectory()) yield* this.#folder(path, root, rules);
      else if (entry.isFile() && this.#isWanted(posix(relative(root, path)))) {
        try {
          const stats = statSync(path);
          yield { path, size: stats.size, modified: stats.mtimeMs };
        } catch (error) {
          this.#onSkipped({ path, reason: reasonOf(error) });
        }
      }
    }
  }

  #isWanted(path: string): boolean {
    if (this.#exclusions?.ignores(path)) return false;
    return this.#globs?.ignores(path) ?? true;
  }
}

/** Why a path cannot be read, in a few words. */
export function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied';
  if (code === 'ENOENT') return 'it has just been removed';
  return error instanceof Error ? error.message : String(error);
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function statOf(name: string) {
  try {
    return statSync(name);
  } catch (cause) {
    throw fileError('read', name, cause);
  }
}

/** Rules of the parent folders, from the repository's root down; none outside a repository. */
function rulesAbove(folder: string): readonly Rules[] {
  const folders: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) break;
    const parent = dirname(at);
    if (parent === at) return [];
    folders.unshift(parent);
  }
  return folders.map(rulesOf).filter((rules) => rules !== undefined);
}

function rulesOf(folder: string): Rules | undefined {
  const files = [join(folder, '.gitignore'), join(folder, '.git', 'info', 'exclude')];
  const texts = files.flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')];
    } catch {
      return [];
    }
  });
  if (texts.length === 0) return undefined;
  return { folder: resolve(folder), ignore: createIgnore().add(texts.join('\n')) };
}

/** The nearest rule that matches a path decides. */
function isIgnored(path: string, isFolder: boolean, rules: readonly Rules[]): boolean {
  for (let i = rules.length - 1; i >= 0; i--) {
    const { folder, ignore } = rules[i]!;
    const { ignored, unignored } = ignore.test(posix(relative(folder, path)) + (isFolder ? '/' : ''));
    if (ignored || unignored) return ignored;
  }
  return false;
}

function posix(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}
