import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { pythonEnvironment } from '../../test/servers/python-environment.js';
import { describeOn } from '../../test/servers/shared-server.js';
import { MilvusError } from '../milvus-error.js';
import { startMilvusLite } from './milvus-lite.js';
import { setupMilvusLite } from './milvus-lite-setup.js';
import { milvusLiteStatus } from './milvus-lite-status.js';
import { environmentFile, environmentsFolder, findPython, pythonOf, readEnvironment } from './python.js';
import { dataFolder, stateFolder } from './user-folders.js';

/** Replaces the published list of packages and hashes while a test installs packages of its own. */
const lock = vi.hoisted(() => ({ requirements: undefined as string | undefined }));
vi.mock('./programs/programs.generated.js', async (original) => {
  const programs = await original<typeof import('./programs/programs.generated.js')>();
  return {
    ...programs,
    get LITE_REQUIREMENTS() {
      return lock.requirements ?? programs.LITE_REQUIREMENTS;
    },
  };
});

/** For pip with a slow connection. */
const SLOW = 600_000;

let root: string;
const changed = [
  'XDG_DATA_HOME',
  'XDG_STATE_HOME',
  'M2V_PYTHON',
  'PATH',
  'PIP_NO_INDEX',
  'PIP_FIND_LINKS',
] as const;
const before = new Map(changed.map((name) => [name, process.env[name]]));

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'm2v-setup-test-'));
  process.env.XDG_DATA_HOME = join(root, 'share');
  process.env.XDG_STATE_HOME = join(root, 'state');
  delete process.env.M2V_PYTHON;
});
afterEach(async () => {
  lock.requirements = undefined;
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  await rm(root, { recursive: true, force: true });
});

async function errorOf(promise: Promise<unknown>): Promise<MilvusError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!MilvusError.isInstance(error)) throw new Error(`no MilvusError: ${String(error)}`);
  expect(error.message).not.toContain('\n');
  return error;
}

/** A program that prints `output`, in place of Pythons that are hard to install. */
async function program(path: string, output: string): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\necho '${output}'\n`);
  await chmod(path, 0o755);
  return path;
}

/** Packages with the names that setup needs, but only the contents that it tests, so that they install quickly. */
async function useEmptyPackages(folder: string): Promise<void> {
  const make = `
import sys, zipfile
for name, version, files in (
    ('milvus_lite', '3.2.2', {
        'milvus_lite/__init__.py': '', 'milvus_lite/adapter/__init__.py': '', 'milvus_lite/adapter/grpc/__init__.py': '',
        'milvus_lite/adapter/grpc/server.py': 'def start_server_in_thread(): pass',
    }),
    ('pymilvus', '3.0.2', {'pymilvus/__init__.py': ''}),
):
    about = f'{name}-{version}.dist-info'
    files = dict(files)
    files[about + '/METADATA'] = f'Metadata-Version: 2.1\\nName: {name}\\nVersion: {version}\\n'
    files[about + '/WHEEL'] = 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'
    files[about + '/RECORD'] = ''.join(f'{path},,\\n' for path in (*files, about + '/RECORD'))
    with zipfile.ZipFile(f'{sys.argv[1]}/{name}-{version}-py3-none-any.whl', 'w') as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
`;
  await mkdir(folder, { recursive: true });
  await once(spawn((await findPython('python3')).path, ['-c', make, folder], { stdio: 'inherit' }), 'close');
  const wheels = ['milvus_lite-3.2.2', 'pymilvus-3.0.2'];
  const lines = wheels.map(async (wheel) => {
    const bytes = await readFile(join(folder, `${wheel}-py3-none-any.whl`));
    return `${wheel.replace('-', '==')} --hash=sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  });
  lock.requirements = (await Promise.all(lines)).join('\n');
  process.env.PIP_NO_INDEX = '1';
  process.env.PIP_FIND_LINKS = folder;
}

await describeOn(
  'setting up Milvus Lite',
  // If pip can install it for the tests, it can for a user.
  async () => ({ name: 'Milvus Lite 3.2.2', python: await pythonEnvironment('milvus-lite') }),
  () => {
    test('creates an environment that starts a server, once', { timeout: SLOW }, async () => {
      const made = await setupMilvusLite();
      expect(made).toMatchObject({ made: true, milvusLite: '3.2.2' });
      const environment = await readEnvironment();
      expect(environment?.folder).toBe(made.folder);
      expect(await setupMilvusLite()).toMatchObject({ ...environment, made: false });

      const server = await startMilvusLite(join(root, 'data'));
      const status = await milvusLiteStatus();
      expect(status.python).toEqual({ path: environment?.python, from: 'setup' });
      expect(status.environment).toEqual(environment);
      expect(status.servers).toMatchObject([{ pid: server.pid, users: 1 }]);
      await server.stop();
    });

    test('is safe when two run at once, and removes a broken environment', {
      timeout: SLOW,
    }, async () => {
      await useEmptyPackages(join(root, 'wheels'));
      // A manually broken environment is ignored.
      const broken = join(environmentsFolder(), 'environment-3.2.2-broken');
      await program(pythonOf(broken), 'no Python any more');
      await writeFile(
        environmentFile(),
        JSON.stringify({
          folder: broken,
          python: pythonOf(broken),
          pythonVersion: '3.12.1',
          milvusLite: '3.2.2',
        }),
      );
      const lines: string[] = [];
      // One left behind by a killed setup, and one that may still be created.
      const left = join(environmentsFolder(), 'environment-3.2.2-old');
      const fresh = join(environmentsFolder(), 'environment-3.2.2-new');
      await mkdir(left);
      await mkdir(fresh);
      await utimes(left, 0, 0);

      const [first, second] = await Promise.all([
        setupMilvusLite({ onProgress: (line) => lines.push(line) }),
        setupMilvusLite(),
      ]);
      expect([first.made, second.made]).toEqual([true, true]);
      expect(lines[0]).toMatch(/creating a virtual environment with .*; it takes about 500 MB/);
      expect(lines.some((line) => line.startsWith('Installing collected packages: '))).toBe(true);
      expect(lines.at(-1)).toMatch(/^Milvus Lite 3\.2\.2 is set up after \d+ s$/);
      const environment = await readEnvironment();
      expect([first.folder, second.folder]).toContain(environment?.folder);
      expect(await setupMilvusLite()).toMatchObject({ ...environment, made: false });

      const names = await readdir(environmentsFolder());
      expect(names).not.toContain('environment-3.2.2-old');
      expect(names).toContain('environment-3.2.2-new');
    });

    test('leaves nothing behind when it is aborted or pip finds no packages', { timeout: SLOW }, async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const ended = setupMilvusLite({
        signal: controller.signal,
        onProgress: (line) => {
          if (line.startsWith('creating')) setTimeout(() => controller.abort(reason), 1000);
        },
      });
      expect(await errorOf(ended)).toMatchObject({ code: 'aborted', cause: reason });
      expect(await readdir(environmentsFolder())).toEqual([]);
      expect(await errorOf(setupMilvusLite({ signal: controller.signal }))).toMatchObject({
        code: 'aborted',
      });

      process.env.PIP_NO_INDEX = '1';
      delete process.env.PIP_FIND_LINKS;
      const offline = await errorOf(setupMilvusLite());
      expect(offline).toMatchObject({ code: 'unreachable', retriable: true });
      expect(offline.message).toMatch(/pip found no package .*No matching distribution.*check the network/);
      expect(await readdir(environmentsFolder())).toEqual([]);
      expect(await readEnvironment()).toBeUndefined();
      expect(await errorOf(findPython())).toMatchObject({ code: 'not-found' });
    });

    test('is not considered complete after it was killed', { timeout: SLOW }, async () => {
      const base = (await findPython('python3')).path;
      const half = join(environmentsFolder(), 'environment-3.2.2-half');
      await mkdir(environmentsFolder(), { recursive: true });
      await once(spawn(base, ['-m', 'venv', '--without-pip', half]), 'close');
      expect((await stat(pythonOf(half))).isFile()).toBe(true);
      expect(await readEnvironment()).toBeUndefined();
      expect((await milvusLiteStatus()).python).toMatchObject({ code: 'not-found' });
    });
  },
);

test('explains why a Python is unsuitable', async () => {
  const bin = join(root, 'bin');
  await program(join(bin, 'python3'), '{"version": "3.9.18", "able": true}');
  await program(join(bin, 'python3.12'), '{"version": "3.12.1", "able": false}');
  await program(join(bin, 'python'), 'Python was not found');
  process.env.PATH = `${bin}:/nowhere`;
  const error = await errorOf(setupMilvusLite());
  expect(error.code).toBe('not-found');
  expect(error.message).toContain(`${join(bin, 'python3')} is 3.9.18`);
  expect(error.message).toContain('apt install python3.12-venv');
  expect(error.message).not.toContain(`${join(bin, 'python')} `);
  process.env.PATH = '/nowhere';
  expect((await errorOf(setupMilvusLite())).message).toContain('none was found on the PATH');
  const strange = await errorOf(setupMilvusLite({ python: join(bin, 'python') }));
  expect(strange.message).toContain(`${join(bin, 'python')} is not a Python`);
});

test('reports that its folder cannot be created', async () => {
  const bin = join(root, 'bin');
  process.env.M2V_PYTHON = await program(join(bin, 'python3'), '{"version": "3.12.1", "able": true}');
  await writeFile(join(root, 'file'), '');
  process.env.XDG_DATA_HOME = join(root, 'file');
  const error = await errorOf(setupMilvusLite());
  expect(error.code).toBe('invalid-argument');
  expect(error.message).toMatch(
    /cannot be made \(ENOTDIR\); make .* writable, or set XDG_DATA_HOME to another folder/,
  );
});

test('uses Python from the option, then M2V_PYTHON, then setup, and never just any that exists', async () => {
  const named = await program(join(root, 'named', 'python3'), '');
  const venv = join(root, 'venv');
  await program(pythonOf(venv), '');
  await program(join(root, 'bin', 'python3'), '');
  process.env.PATH = join(root, 'bin');
  expect((await errorOf(findPython())).message).toContain('call setupMilvusLite()');
  await mkdir(environmentsFolder(), { recursive: true });
  const environment = { folder: venv, python: pythonOf(venv), pythonVersion: '3.12.1', milvusLite: '3.2.2' };
  await writeFile(join(environmentsFolder(), 'environment.json'), JSON.stringify(environment));
  expect(await findPython()).toEqual({ path: pythonOf(venv), from: 'setup' });
  process.env.M2V_PYTHON = named;
  expect(await findPython()).toEqual({ path: named, from: 'M2V_PYTHON' });
  expect(await findPython(venv)).toEqual({ path: pythonOf(venv), from: 'option' });
  expect(await findPython('python3')).toEqual({ path: join(root, 'bin', 'python3'), from: 'option' });
  expect(await errorOf(findPython(''))).toMatchObject({ code: 'invalid-argument' });
  process.env.M2V_PYTHON = join(root, 'gone');
  expect((await errorOf(findPython())).message).toMatch(/^the Python of M2V_PYTHON .*gone is neither/);
  await rm(venv, { recursive: true });
  delete process.env.M2V_PYTHON;
  expect(await errorOf(findPython())).toMatchObject({ code: 'not-found' });
});

test('uses the folders of the XDG specification, and those of Windows there', () => {
  const home = process.platform === 'win32' ? 'AppData' : '.local';
  expect(dataFolder({ XDG_DATA_HOME: root })).toBe(join(root, 'm2v'));
  expect(stateFolder({ XDG_STATE_HOME: root })).toBe(join(root, 'm2v'));
  expect(dataFolder({ XDG_DATA_HOME: 'relative' })).toContain(home);
  expect(dataFolder({})).not.toBe(stateFolder({}));
});
