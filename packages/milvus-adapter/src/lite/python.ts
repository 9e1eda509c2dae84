import { readFile, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { invalidArgument, MilvusError } from '../milvus-error.js';
import { dataFolder } from './user-folders.js';

/** The version that setup installs. */
export const MILVUS_LITE_VERSION = '3.2.2';
/** Milvus Lite takes its protocol from pymilvus, which it does not name among its dependencies. */
export const PYMILVUS_VERSION = '3.0.2';
/** Oldest Python that Milvus Lite 3 runs on. */
export const OLDEST_PYTHON = '3.10';

/** The Python that runs Milvus Lite. */
export interface FoundPython {
  /** Path of the program. */
  readonly path: string;
  /** What named it. */
  readonly from: 'option' | 'M2V_PYTHON' | 'setup';
}

/** The virtual environment that setup made. */
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
 * The Python that runs Milvus Lite: the option, then `M2V_PYTHON`, then the environment that setup made. A Python
 * that merely is on the `PATH` is never taken by itself: it seldom has milvus-lite, and where it has, it is the
 * user's other project that decides its version. Naming it (`'python3'`) takes it.
 *
 * @param option - path of a Python, or of a virtual environment, or a name on the `PATH`
 * @throws {@link MilvusError}: `not-found` when what is named is not there, or nothing is named and nothing set up;
 * `invalid-argument` when the option is no text
 */
export async function findPython(option?: string): Promise<FoundPython> {
  if (option !== undefined) {
    if (typeof option !== 'string' || option === '') {
      throw invalidArgument('option python', 'the path or name of a Python', option);
    }
    return { path: await namedPython(option, 'option python'), from: 'option' };
  }
  const variable = process.env.M2V_PYTHON;
  if (variable !== undefined && variable !== '') {
    return { path: await namedPython(variable, 'M2V_PYTHON'), from: 'M2V_PYTHON' };
  }
  const environment = await readEnvironment();
  if (environment !== undefined) return { path: environment.python, from: 'setup' };
  throw new MilvusError(
    'not-found',
    `Milvus Lite needs Python ${OLDEST_PYTHON} or newer with milvus-lite, and none is set up; run \`m2v milvus setup\`, or set M2V_PYTHON to a Python that has it`,
  );
}

/** The environment that setup made; `undefined` where there is none, or its Python is gone. */
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

/** Holds the environments that setup makes. */
export function environmentsFolder(): string {
  return join(dataFolder(), 'milvus-lite');
}

/** Names the one environment that is whole. */
export function environmentFile(): string {
  return join(environmentsFolder(), 'environment.json');
}

/** Path of the Python in a virtual environment. */
export function pythonOf(environment: string): string {
  return process.platform === 'win32'
    ? join(environment, 'Scripts', 'python.exe')
    : join(environment, 'bin', 'python');
}

/** Every place on the `PATH` where a program of this name is, in its order. */
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
    throw new MilvusError('not-found', `${what} names ${named}, which is not on the PATH`);
  }
  if (await isFile(named)) return named;
  if (await isFile(pythonOf(named))) return pythonOf(named);
  throw new MilvusError(
    'not-found',
    `${what} names ${named}, which is neither a Python nor a virtual environment; correct it, or leave it out and run \`m2v milvus setup\``,
  );
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
