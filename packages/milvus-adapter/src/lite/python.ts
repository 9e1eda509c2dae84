import { readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { invalidArgument, MilvusError } from '../milvus-error.js';
import { dataFolder } from './user-folders.js';

/** The version that setup installs; programs/milvus-lite.lock holds its hashes. */
export const MILVUS_LITE_VERSION = '3.2.2';
/** Milvus Lite imports pymilvus, which is not among its declared dependencies. */
export const PYMILVUS_VERSION = '3.0.2';
/** Oldest Python for Milvus Lite 3. */
export const OLDEST_PYTHON = '3.10';

/** The Python that runs Milvus Lite. */
export interface FoundPython {
  /** Path of the executable. */
  readonly path: string;
  /** Where it comes from. */
  readonly from: 'option' | 'M2V_PYTHON' | 'setup';
}

/** The virtual environment that `setupMilvusLite` created. */
export interface LiteEnvironment {
  /** Its folder. */
  readonly folder: string;
  /** Its Python. */
  readonly python: string;
  /** Version of that Python. */
  readonly pythonVersion: string;
  /** Version of milvus-lite in it. */
  readonly milvusLite: string;
}

/**
 * The Python that runs Milvus Lite: the option, then `M2V_PYTHON`, then the environment that setup created. A Python on
 * the `PATH` is used only by name (`'python3'`), because it rarely has milvus-lite, and if it has, another project of the
 * user decides its version.
 *
 * @param option - path of a Python, or of a virtual environment, or a name on the `PATH`
 * @throws {@link MilvusError}: `not-found` if the named one does not exist, or none is named and none is set up;
 * `invalid-argument` if the option is not a string
 */
export async function findPython(option?: string): Promise<FoundPython> {
  if (option !== undefined) {
    if (typeof option !== 'string' || option === '') {
      throw invalidArgument('option python', 'the path or name of a Python', option);
    }
    return { path: await namedPython(option, 'the Python'), from: 'option' };
  }
  const variable = process.env.M2V_PYTHON;
  if (variable !== undefined && variable !== '') {
    return { path: await namedPython(variable, 'the Python of M2V_PYTHON'), from: 'M2V_PYTHON' };
  }
  const environment = await readEnvironment();
  if (environment !== undefined) return { path: environment.python, from: 'setup' };
  throw new MilvusError(
    'not-found',
    `Milvus Lite needs Python ${OLDEST_PYTHON} or newer with milvus-lite, and none is set up`,
    { remedy: { code: 'set-up-lite' } },
  );
}

/** The environment that setup created; `undefined` if there is none or its Python is gone. */
export async function readEnvironment(): Promise<LiteEnvironment | undefined> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(environmentFile(), 'utf8'));
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { folder, python, pythonVersion, milvusLite } = found as Record<string, unknown>;
  if (typeof folder !== 'string' || typeof python !== 'string') return undefined;
  if (typeof pythonVersion !== 'string' || typeof milvusLite !== 'string') return undefined;
  return (await isFile(python)) ? { folder, python, pythonVersion, milvusLite } : undefined;
}

/** Folder of the environments that setup creates. */
export function environmentsFolder(): string {
  return join(dataFolder(), 'milvus-lite');
}

/** File that names the environment in use. */
export function environmentFile(): string {
  return join(environmentsFolder(), 'environment.json');
}

/** Path of the Python in a virtual environment. */
export function pythonOf(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

/** Paths of the programs of this name on the `PATH`, in its order. */
export async function programsOnPath(name: string): Promise<string[]> {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const names = process.platform === 'win32' ? [`${name}.exe`] : [name];
  const found: string[] = [];
  for (const folder of folders) {
    for (const file of names) if (await isFile(join(folder, file))) found.push(join(folder, file));
  }
  return found;
}

async function namedPython(named: string, what: string): Promise<string> {
  if (!/[\\/]/.test(named)) {
    const [first] = await programsOnPath(named);
    if (first !== undefined) return first;
    throw new MilvusError('not-found', `${what} ${named} is not on the PATH`, {
      remedy: { code: 'set-up-lite' },
    });
  }
  if (await isFile(named)) return named;
  if (await isFile(pythonOf(named))) return pythonOf(named);
  throw new MilvusError('not-found', `${what} ${named} is neither a Python nor a virtual environment`, {
    remedy: { code: 'set-up-lite' },
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
