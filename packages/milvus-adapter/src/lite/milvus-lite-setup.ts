import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abortedError, MilvusError } from '../milvus-error.js';
import { liteProcessEnvironment } from './lite-process-environment.js';
import { readStates, systemError } from './lite-state.js';
import { INSPECT_PYTHON, LITE_REQUIREMENTS, LOAD_LITE } from './programs/programs.generated.js';
import {
  environmentFile,
  environmentsFolder,
  findPython,
  type LiteEnvironment,
  MILVUS_LITE_VERSION,
  OLDEST_PYTHON,
  programsOnPath,
  pythonOf,
  readEnvironment,
} from './python.js';
import { runProcess } from './python-process.js';

/** Options of {@link setupMilvusLite}. */
export interface MilvusLiteSetupOptions {
  /**
   * Python ≥ 3.10 to create the environment with, as a path or a name on the `PATH`.
   *
   * @defaultValue `M2V_PYTHON`, else the first suitable one on the `PATH`
   */
  readonly python?: string;
  /** Called with a line for people at each step. */
  readonly onProgress?: (line: string) => void;
  /** Aborts the setup, which removes what it created. */
  readonly signal?: AbortSignal;
}

/** The environment of Milvus Lite after setup. */
export interface MilvusLiteSetup extends LiteEnvironment {
  /** Whether this call created it; `false` if it existed. */
  readonly made: boolean;
  /** Milliseconds it took. */
  readonly took: number;
}

/** Size of the environment in bytes: measured 490 MB on Linux, of which pyarrow is 160 MB. */
const SIZE = 500e6;
/** Bytes that must be free: the environment, and the downloaded packages while they are unpacked. */
const ROOM = 700e6;
/** Milliseconds after which an unfinished environment counts as abandoned. */
const LEFT_BEHIND = 3_600_000;

/**
 * Creates a virtual environment with Milvus Lite in the user's data folder (`$XDG_DATA_HOME/m2v/milvus-lite`, else
 * `~/.local/share/m2v/milvus-lite`; on Windows `%LOCALAPPDATA%\m2v\milvus-lite`), unless it exists. pip installs it with
 * the user's settings from a list of exact versions with the SHA-256 of each file, and refuses any other file.
 *
 * An environment is used only after it has loaded Milvus Lite, so an interrupted setup leaves nothing that is used, and
 * two setups at once do not disturb each other.
 *
 * @throws {@link MilvusError}: `not-found` (no Python ≥ 3.10 with venv), `unreachable` (pip found no packages), `limit`
 * (too little disk space), `refused` (permissions, or a file with another hash), `aborted`, `server` (other failures of
 * pip)
 * @example
 * ```ts
 * import { setupMilvusLite } from '@model2vec-ts/milvus-adapter';
 *
 * const { python, took } = await setupMilvusLite({ onProgress: (line) => console.error(line) });
 * console.log(`${python}, made in ${Math.round(took / 1000)} s`);
 * ```
 */
export async function setupMilvusLite(options: MilvusLiteSetupOptions = {}): Promise<MilvusLiteSetup> {
  const begin = Date.now();
  const { onProgress = () => {}, signal } = options;
  const what = 'setting up Milvus Lite';
  if (signal?.aborted) throw abortedError(signal, what);
  const present = await readEnvironment();
  if (present?.milvusLite === MILVUS_LITE_VERSION && (await loads(present.python, signal))) {
    onProgress(`Milvus Lite ${present.milvusLite} is set up in ${present.folder}`);
    return { ...present, made: false, took: Date.now() - begin };
  }
  const base = await basePython(options);
  const parent = environmentsFolder();
  const folder = join(parent, `environment-${MILVUS_LITE_VERSION}-${randomBytes(4).toString('hex')}`);
  await makeRoom(parent);
  onProgress(
    `creating a virtual environment with ${base.path} (Python ${base.version}) in ${folder}; it takes about ${Math.round(SIZE / 1e6)} MB, and a minute or two with a usual connection`,
  );
  try {
    await makeEnvironment(base.path, folder, signal);
    const requirements = join(folder, 'requirements.txt');
    await writeFile(requirements, LITE_REQUIREMENTS);
    await install(pythonOf(folder), requirements, onProgress, signal);
    onProgress('loading Milvus Lite for the first time');
    if (!(await loads(pythonOf(folder), signal))) {
      throw new MilvusError(
        'server',
        `Milvus Lite was installed in ${folder} but Python ${base.version} cannot load it`,
        { remedy: { code: 'choose-python', oldest: OLDEST_PYTHON } },
      );
    }
    const environment: LiteEnvironment = {
      folder,
      python: pythonOf(folder),
      pythonVersion: base.version,
      milvusLite: MILVUS_LITE_VERSION,
    };
    const draft = `${environmentFile()}.${randomBytes(4).toString('hex')}`;
    await writeFile(draft, JSON.stringify(environment));
    // This step puts the environment into use.
    await rename(draft, environmentFile());
    await removeLeftBehind(parent);
    const took = Date.now() - begin;
    onProgress(`Milvus Lite ${MILVUS_LITE_VERSION} is set up after ${Math.round(took / 1000)} s`);
    return { ...environment, made: true, took };
  } catch (error) {
    await rm(folder, { recursive: true, force: true }).catch(() => {});
    throw MilvusError.isInstance(error)
      ? error
      : systemError(
          (error as NodeJS.ErrnoException).code ?? '',
          folder,
          { code: 'make-writable', path: parent, variable: 'XDG_DATA_HOME' },
          error,
        );
  }
}

async function loads(python: string, signal: AbortSignal | undefined): Promise<boolean> {
  const { code, lines } = await runProcess(python, ['-I', '-c', LOAD_LITE], {
    what: 'loading Milvus Lite',
    signal,
    env: liteProcessEnvironment('setup'),
  });
  return code === 0 && lines.includes(`version ${MILVUS_LITE_VERSION}`);
}

interface BasePython {
  readonly path: string;
  readonly version: string;
}

/** A Python that can create the environment. */
async function basePython({ python, signal }: MilvusLiteSetupOptions): Promise<BasePython> {
  const chosen = python ?? (process.env.M2V_PYTHON || undefined);
  const candidates = chosen === undefined ? await pythonsOnPath() : [(await findPython(python)).path];
  const refused: string[] = [];
  for (const path of candidates) {
    const found = await inspect(path, signal);
    if (found === undefined) {
      if (chosen !== undefined) refused.push(`${path} is not a Python`);
      continue;
    }
    const [major = 0, minor = 0] = found.version.split('.').map(Number);
    const [oldestMajor = 0, oldestMinor = 0] = OLDEST_PYTHON.split('.').map(Number);
    if (major !== oldestMajor || minor < oldestMinor) refused.push(`${path} is ${found.version}`);
    else if (!found.able)
      refused.push(`${path} has no venv (on Debian and Ubuntu: apt install python${major}.${minor}-venv)`);
    else return { path, version: found.version };
  }
  const seen = refused.length === 0 ? 'none was found on the PATH' : refused.slice(0, 4).join('; ');
  throw new MilvusError('not-found', `Milvus Lite needs Python ${OLDEST_PYTHON} or newer; ${seen}`, {
    remedy: { code: 'choose-python', oldest: OLDEST_PYTHON },
  });
}

async function pythonsOnPath(): Promise<string[]> {
  const names = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
  return [...new Set((await Promise.all(names.map(programsOnPath))).flat())];
}

async function inspect(
  python: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly version: string; readonly able: boolean } | undefined> {
  const { code, lines } = await runProcess(python, ['-c', INSPECT_PYTHON], {
    what: 'looking for Python',
    signal,
  });
  try {
    const found = JSON.parse(lines.at(-1) ?? '') as Record<string, unknown>;
    const { version, able } = found;
    return code === 0 && typeof version === 'string' && typeof able === 'boolean'
      ? { version, able }
      : undefined;
  } catch {
    return undefined;
  }
}

async function makeRoom(parent: string): Promise<void> {
  try {
    await mkdir(parent, { recursive: true });
  } catch (error) {
    throw systemError(
      (error as NodeJS.ErrnoException).code ?? '',
      `the folder for Milvus Lite ${parent}`,
      { code: 'make-writable', path: parent, variable: 'XDG_DATA_HOME' },
      error,
    );
  }
  const { bavail, bsize } = await statfs(parent);
  if (bavail * bsize >= ROOM) return;
  throw new MilvusError(
    'limit',
    `Milvus Lite needs ${Math.round(ROOM / 1e6)} MB; the disk of ${parent} has ${Math.floor((bavail * bsize) / 1e6)} MB free`,
    { remedy: { code: 'free-space' } },
  );
}

async function makeEnvironment(base: string, folder: string, signal: AbortSignal | undefined): Promise<void> {
  const { code, lines } = await runProcess(base, ['-m', 'venv', folder], {
    what: 'setting up Milvus Lite',
    signal,
  });
  if (code === 0) return;
  throw pipError(`creating a virtual environment in ${folder} with ${base}`, lines);
}

async function install(
  python: string,
  requirements: string,
  onProgress: (line: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { code, lines } = await runProcess(
    python,
    [
      ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
      // pip would spend most of its time compiling files that are never loaded.
      '--no-compile',
      // Without a wheel for this machine, pip would compile pyarrow for an hour and fail.
      ...['--no-color', '--only-binary', ':all:', '--require-hashes', '--requirement', requirements],
    ],
    {
      what: 'setting up Milvus Lite',
      signal,
      onLine: (line) => {
        if (/^\s*(Downloading|Using cached|Installing|Successfully installed)/.test(line))
          onProgress(line.trim());
      },
    },
  );
  if (code !== 0) throw pipError(`installing milvus-lite==${MILVUS_LITE_VERSION} with pip`, lines);
}

function pipError(what: string, lines: readonly string[]): MilvusError {
  const said = lines.filter((line) => /error/i.test(line));
  const line = (said.at(-1) ?? lines.at(-1) ?? 'no output').trim().slice(0, 300);
  const all = lines.join('\n');
  if (/DO NOT MATCH THE HASHES|hashes are required|Expected sha256/i.test(all)) {
    return new MilvusError(
      'refused',
      `${what} failed: a downloaded file has another SHA-256 than expected (${line})`,
      {
        remedy: { code: 'check-network' },
      },
    );
  }
  if (/No space left|Errno 28|Disk quota/i.test(all)) {
    return new MilvusError('limit', `${what} failed: the disk is full`, { remedy: { code: 'free-space' } });
  }
  if (
    /Could not find a version|No matching distribution|Temporary failure|NewConnectionError|Max retries/i.test(
      all,
    )
  ) {
    return new MilvusError(
      'unreachable',
      `${what} failed: pip found no package for this Python and machine (${line})`,
      { retriable: true, remedy: { code: 'check-network' } },
    );
  }
  return new MilvusError('server', `${what} failed: ${line}`);
}

/** Removes environments that are not in use, run no server and are too old to be in the making. */
async function removeLeftBehind(parent: string): Promise<void> {
  const used = new Set([(await readEnvironment())?.folder]);
  for (const { state } of await readStates()) used.add(join(state.python, '..', '..'));
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    if (!name.startsWith('environment-') || used.has(folder)) continue;
    const age = Date.now() - ((await stat(folder).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (age > LEFT_BEHIND) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}
