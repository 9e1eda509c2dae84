import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { NotRunnable } from './test-server.js';

const run = promisify(execFile);

/** The repository's folder for files that can be recreated. */
export const CACHE: string = fileURLToPath(new URL('../../../../.cache/', import.meta.url));

const OLDEST = [3, 10] as const;
/** Milliseconds after which another process that creates something is considered dead; pip may need minutes. */
const STALE = 900_000;

/**
 * The Python of a virtual environment with exactly the packages in `<name>.txt` next to this file, created under
 * `.cache/` if it is missing or the file has changed.
 *
 * @throws NotRunnable without Python ≥ 3.10, or if pip cannot install
 */
export async function pythonEnvironment(
  name: 'milvus-lite' | 'milvus-server' | 'milvus-peer',
): Promise<string> {
  const requirements = fileURLToPath(new URL(`./${name}.txt`, import.meta.url));
  const wanted = await readFile(requirements, 'utf8');
  const folder = join(CACHE, `${name}-venv`);
  const stamp = join(folder, 'installed.txt');
  const python =
    process.platform === 'win32' ? join(folder, 'Scripts/python.exe') : join(folder, 'bin/python');
  const isWhole = async (): Promise<boolean> =>
    existsSync(python) && (await readFile(stamp, 'utf8').catch(() => '')) === wanted;
  if (await isWhole()) return python;
  await withFolderLock(`${name}-venv`, async () => {
    if (await isWhole()) return;
    await rm(folder, { recursive: true, force: true });
    const base = await newEnoughPython();
    await run(base, ['-m', 'venv', folder]).catch(notRunnable(`${base} cannot make a virtual environment`));
    const options = ['--quiet', '--disable-pip-version-check', '--only-binary', ':all:'];
    await run(python, ['-m', 'pip', 'install', ...options, '-r', requirements]).catch(
      notRunnable(`pip cannot install ${wanted.trim().replaceAll('\n', ' ')}`),
    );
    // Last, so that an interrupted installation is repeated.
    await writeFile(stamp, wanted);
  });
  return python;
}

/** Runs `work` while no other process does it under the same name. */
export async function withFolderLock(name: string, work: () => Promise<void>): Promise<void> {
  await mkdir(CACHE, { recursive: true });
  const lock = join(CACHE, `${name}.lock`);
  for (;;) {
    try {
      await mkdir(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const made = (await stat(lock).catch(() => undefined))?.mtimeMs ?? Date.now();
      if (Date.now() - made > STALE) await rm(lock, { recursive: true, force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  try {
    await work();
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

async function newEnoughPython(): Promise<string> {
  const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
  const found: string[] = [];
  for (const name of names) {
    const program = 'import sys; print(".".join(map(str, sys.version_info[:3])))';
    const version = await run(name, ['-c', program]).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
    if (version === '') continue;
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major === OLDEST[0] && minor >= OLDEST[1]) return name;
    found.push(`${name} is ${version}`);
  }
  throw new NotRunnable(
    `no Python ${OLDEST.join('.')} or newer on the PATH (${found.join(', ') || 'none at all'})`,
  );
}

function notRunnable(what: string): (error: Error & { stderr?: string }) => never {
  return (error) => {
    const last = (error.stderr ?? error.message).trim().split('\n').at(-1);
    throw new NotRunnable(`${what}: ${last}`);
  };
}
