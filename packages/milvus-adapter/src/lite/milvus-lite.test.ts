import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { LiteUser } from '../../test/lite-user.js';
import { emitSources } from '../../test/servers/emitted-sources.js';
import { freePorts } from '../../test/servers/free-ports.js';
import { pythonEnvironment } from '../../test/servers/python-environment.js';
import { insertRow, makeCollection, storedKeys, withClient } from '../../test/servers/sdk-client.js';
import { describeOn, nameSkipped } from '../../test/servers/shared-server.js';
import { MilvusError } from '../milvus-error.js';
import { STATE_FILE } from './lite-protocol.js';
import { placeOf } from './lite-state.js';
import {
  type MilvusLiteOptions,
  type MilvusLiteServer,
  startMilvusLite,
  stopMilvusLite,
} from './milvus-lite.js';
import { milvusLiteStatus } from './milvus-lite-status.js';
import { callVersion } from './version-call.js';

const USER_PROGRAM = fileURLToPath(new URL('../../test/lite-user.mjs', import.meta.url));

/** For starts of Python on a busy machine. */
const SLOW = 120_000;

const milvusLite = async (): Promise<{ readonly name: string; readonly python: string }> => ({
  name: 'Milvus Lite 3.2.2',
  python: await pythonEnvironment('milvus-lite'),
});

/** Also true for a moment after its end, until its parent has reaped it. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function errorOf(promise: Promise<unknown>): Promise<MilvusError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!MilvusError.isInstance(error)) throw new Error(`no MilvusError: ${String(error)}`);
  // One line, whatever the cause.
  expect(error.message).not.toContain('\n');
  return error;
}

await describeOn('starting Milvus Lite', milvusLite, ({ python }) => {
  let root: string;
  let folder: string;
  let sources: Awaited<ReturnType<typeof emitSources>>;
  const users: LiteUser[] = [];
  const servers: MilvusLiteServer[] = [];

  const start = async (options: MilvusLiteOptions = {}): Promise<MilvusLiteServer> => {
    const server = await startMilvusLite(folder, { python, startTimeout: SLOW, ...options });
    servers.push(server);
    return server;
  };
  const newUser = (...more: readonly string[]): LiteUser => {
    const user = new LiteUser(sources.folder, folder, python, ...more);
    users.push(user);
    return user;
  };
  const client = <T>(address: string, work: Parameters<typeof withClient<T>>[1]): Promise<T> =>
    withClient({ name: '', address, connect: { address } }, work);

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'm2v-lite-test-'));
    process.env.XDG_STATE_HOME = join(root, 'state');
    process.env.XDG_DATA_HOME = join(root, 'share');
    sources = await emitSources('milvus-lite');
  });
  let number = 0;
  const nextFolder = (): string => {
    folder = join(root, `data-${number++}`, 'milvus.db');
    return folder;
  };
  afterEach(async () => {
    await Promise.all(users.splice(0).map((user) => user.dispose()));
    await Promise.all(servers.splice(0).map((server) => server.stop()));
    for (const { folder: left } of (await milvusLiteStatus()).servers) await stopMilvusLite(left);
  });
  afterAll(async () => {
    await sources.remove();
    await rm(root, { recursive: true, force: true });
  });

  test('listens on 127.0.0.1 only, reports its version, and is gone after stop', {
    timeout: SLOW,
  }, async () => {
    nextFolder();
    const server = await start();
    expect(server).toMatchObject({ shared: false, version: '3.2.2' });
    expect(server.folder.endsWith('milvus.db')).toBe(true);
    expect(await callVersion(server.address, 5000)).toContain('milvus_lite-3.2.2');
    if (process.platform === 'linux') {
      const port = Number(server.address.split(':')[1]).toString(16).toUpperCase().padStart(4, '0');
      const files = ['tcp', 'tcp6'].map((name) =>
        readFile(`/proc/${server.pid}/net/${name}`, 'utf8').catch(() => ''),
      );
      // Local address, remote address, state; 0A is listening, 0100007F is 127.0.0.1 in either table.
      const listening = [
        ...(await Promise.all(files)).join('').matchAll(/ ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A /g),
      ];
      const addresses = listening.filter((match) => match[2] === port).map((match) => match[1]!.slice(-8));
      expect(addresses).toEqual(['0100007F']);
    }
    await server.stop();
    await server.stop();
    expect(await server.ended).toBeUndefined();
    await expect.poll(() => isAlive(server.pid)).toBe(false);
    expect(await callVersion(server.address, 500)).toBeUndefined();
    expect(existsSync(join((await placeOf(folder)).state, STATE_FILE))).toBe(false);
  });

  test('starts although the environment has settings for pymilvus and proxies', {
    timeout: SLOW,
  }, async () => {
    const foreign = {
      MILVUS_URI: './milvus.db',
      MILVUS_CONN_TIMEOUT: 'soon',
      http_proxy: 'http://127.0.0.1:1',
    };
    const before = Object.fromEntries(Object.keys(foreign).map((name) => [name, process.env[name]]));
    Object.assign(process.env, foreign);
    try {
      nextFolder();
      expect((await start()).version).toMatch(/^3\./);
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  });

  test('serves the rows of an earlier server', { timeout: SLOW }, async () => {
    nextFolder();
    const first = await start();
    await client(first.address, async (milvus) => {
      await makeCollection(milvus, 'kept');
      await insertRow(milvus, 'kept', 7);
    });
    await first.stop();
    const second = await start();
    expect(second.pid).not.toBe(first.pid);
    const keys = await client(second.address, async (milvus) => {
      await milvus.loadCollectionSync({ collection_name: 'kept' });
      return await storedKeys(milvus, 'kept');
    });
    expect(keys).toEqual([7]);
  });

  test('is one server for two processes, which both write, until the last leaves', {
    timeout: SLOW,
  }, async () => {
    nextFolder();
    const user = newUser();
    const theirs = await user.report;
    const link = join(root, 'another-name');
    await symlink(folder, link);
    const ours = await startMilvusLite(link, { python });
    servers.push(ours);
    expect(ours).toMatchObject({ shared: true, pid: theirs.pid, address: theirs.address });
    expect((await milvusLiteStatus()).servers).toMatchObject([
      {
        pid: ours.pid,
        address: ours.address,
        folder: ours.folder,
        users: 2,
        keepRunning: false,
        keepAlive: 0,
        version: '3.2.2',
      },
    ]);
    await client(theirs.address, async (milvus) => {
      await makeCollection(milvus, 'both');
      await insertRow(milvus, 'both', 1);
    });
    await client(ours.address, (milvus) => insertRow(milvus, 'both', 2));
    // The one that started it leaves first.
    await user.stop();
    expect(isAlive(ours.pid)).toBe(true);
    expect(await client(ours.address, (milvus) => storedKeys(milvus, 'both'))).toEqual([1, 2]);
    await ours.stop();
    await expect.poll(() => isAlive(ours.pid)).toBe(false);
  });

  test('is one server when eight processes start it at once', { timeout: SLOW }, async () => {
    nextFolder();
    const reports = await Promise.all(Array.from({ length: 8 }, () => newUser().report));
    expect(new Set(reports.map(({ pid }) => pid)).size).toBe(1);
    expect(reports.map(({ code }) => code).filter((code) => code !== undefined)).toEqual([]);
    expect(reports.filter(({ shared }) => !shared)).toHaveLength(1);
    expect((await milvusLiteStatus()).servers).toMatchObject([{ users: 8 }]);
    await Promise.all(users.map((user) => user.stop()));
    await expect.poll(() => isAlive(reports[0]!.pid)).toBe(false);
  });

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
    test(`ends the server when the program is ended by ${signal}`, { timeout: SLOW }, async () => {
      nextFolder();
      const user = newUser();
      const { pid } = await user.report;
      user.process.kill(signal);
      await user.exited;
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
      expect((await milvusLiteStatus()).servers).toEqual([]);
    });
  }

  for (const way of ['end', 'exit'] as const) {
    test(`lets the program ${way} without stop, and ends with it`, { timeout: SLOW }, async () => {
      nextFolder();
      const user = newUser();
      const { pid } = await user.report;
      user.tell(way);
      expect(await user.exited).toBe(0);
      await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    });
  }

  test('forgets a killed user, and keeps the server for the others', { timeout: SLOW }, async () => {
    nextFolder();
    const killed = newUser();
    const { pid } = await killed.report;
    const ours = await start();
    killed.process.kill('SIGKILL');
    await killed.exited;
    await expect.poll(async () => (await milvusLiteStatus()).servers[0]?.users).toBe(1);
    expect(ours.pid).toBe(pid);
    expect(await callVersion(ours.address, 5000)).toContain('milvus_lite');
  });

  test('restarts a program that is killed while it starts', { timeout: SLOW }, async () => {
    nextFolder();
    const killed = newUser();
    // The lock file exists as soon as the server's program runs.
    const { state } = await (async () => {
      await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(true);
      return await placeOf(folder);
    })();
    await expect.poll(() => existsSync(join(state, 'lock')), { timeout: 20_000, interval: 5 }).toBe(true);
    killed.process.kill('SIGKILL');
    const server = await start();
    expect(server.shared).toBe(false);
  });

  test('replaces a state file whose server is gone, and one that points to another program', {
    timeout: SLOW,
  }, async () => {
    nextFolder();
    const crashed = await start();
    const { state } = await placeOf(folder);
    const left = await readFile(join(state, STATE_FILE), 'utf8');
    process.kill(crashed.pid, 'SIGKILL');
    const death = await crashed.ended;
    expect(death).toMatchObject({ code: 'server', retriable: true });
    expect(death?.message).toContain(`process ${crashed.pid}) crashed or was killed`);
    expect(await readFile(join(state, STATE_FILE), 'utf8')).toBe(left);
    expect((await milvusLiteStatus()).servers).toEqual([]);

    // Another program, which echoes its input, on the port in the state file.
    const stranger = createServer((socket) => socket.on('error', () => {}).pipe(socket));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address() as { port: number };
    await writeFile(join(state, STATE_FILE), JSON.stringify({ ...JSON.parse(left), control: address.port }));
    const server = await start();
    expect(server.shared).toBe(false);
    expect(server.pid).not.toBe(crashed.pid);
    await server.stop();

    await writeFile(join(state, STATE_FILE), left.slice(0, 20));
    expect((await start()).shared).toBe(false);
    stranger.close();
  });

  test('refuses a server of another version of this package', { timeout: SLOW }, async () => {
    await mkdir(nextFolder(), { recursive: true });
    const { state } = await placeOf(folder);
    await writeFile(join(state, STATE_FILE), JSON.stringify({ protocol: 2, folder, pid: 4711 }));
    const error = await errorOf(start());
    expect(error.code).toBe('mismatch');
    expect(error.message).toMatch(/protocol 2, not 1.*end process 4711/);
  });

  test('reveals nothing to a program without the token', { timeout: SLOW }, async () => {
    nextFolder();
    const server = await start();
    const { state } = await placeOf(folder);
    const file = join(state, STATE_FILE);
    const { control } = JSON.parse(await readFile(file, 'utf8')) as { control: number };
    const { connect } = await import('node:net');
    for (const message of ['{"token":"","operation":"stop"}\n', '[]\n', 'GET / HTTP/1.1\r\n\r\n', 'é\n']) {
      const socket = connect(control, '127.0.0.1');
      let heard = '';
      socket.on('data', (data) => {
        heard += data;
      });
      socket.on('error', () => {});
      socket.write(message);
      await once(socket, 'close');
      expect(heard).toBe('');
    }
    expect(await callVersion(server.address, 5000)).toContain('milvus_lite');
    if (process.platform !== 'win32') {
      const { stat } = await import('node:fs/promises');
      expect((await stat(file)).mode & 0o077).toBe(0);
      expect((await stat(state)).mode & 0o077).toBe(0);
    }
  });

  test('stays running with keepRunning until it is stopped by name', { timeout: SLOW }, async () => {
    nextFolder();
    const user = newUser('keep');
    const { pid } = await user.report;
    await user.stop();
    expect(isAlive(pid)).toBe(true);
    expect((await milvusLiteStatus()).servers).toMatchObject([{ pid, users: 0, keepRunning: true }]);
    const again = await start();
    expect(again).toMatchObject({ shared: true, pid });
    expect(await stopMilvusLite(folder)).toBe(true);
    await expect.poll(() => isAlive(pid)).toBe(false);
    expect((await again.ended)?.code).toBe('server');
    expect(await stopMilvusLite(folder)).toBe(false);
    expect(await stopMilvusLite(join(root, 'never-made'))).toBe(false);
  });

  test('stays for keepAlive after its last user, counted anew after each', { timeout: SLOW }, async () => {
    nextFolder();
    let starts = 0;
    const options = { keepAlive: 5000, onStart: () => starts++ };
    const first = await start(options);
    await first.stop();
    expect((await milvusLiteStatus()).servers).toMatchObject([
      { pid: first.pid, users: 0, keepRunning: false, keepAlive: 5000 },
    ]);
    const second = await start(options);
    expect(second).toMatchObject({ shared: true, pid: first.pid });
    expect(starts).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 5500));
    expect(isAlive(first.pid)).toBe(true);
    await second.stop();
    expect(isAlive(first.pid)).toBe(true);
    await expect.poll(() => isAlive(first.pid), { timeout: 30_000 }).toBe(false);
    expect((await milvusLiteStatus()).servers).toEqual([]);
    expect((await errorOf(start({ keepAlive: -1 }))).code).toBe('invalid-argument');
  });

  test('names the program that locks the folder', { timeout: SLOW }, async () => {
    nextFolder();
    await mkdir(folder, { recursive: true });
    const program =
      'import sys, time; from milvus_lite import MilvusLite; db = MilvusLite(sys.argv[1]); print("held", flush=True); time.sleep(600)';
    const holder = spawn(python, ['-c', program, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(holder.stdout, 'data');
      const error = await errorOf(start());
      expect(error).toMatchObject({ code: 'locked', retriable: true });
      expect(error.message).toContain(`${folder} is in use by`);
      if (process.platform === 'linux') expect(error.message).toContain(`process ${holder.pid} (`);
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'close');
    }
    expect((await start()).shared).toBe(false);
  });

  test('passes on the lines of its log', { timeout: SLOW }, async () => {
    nextFolder();
    const lines: string[] = [];
    const server = await start({ onLog: (line) => lines.push(line) });
    await writeFile(server.log, 'first\nsecond\nunfinished', { flag: 'a' });
    await expect.poll(() => lines, { timeout: 5000 }).toEqual(['first', 'second']);
    await server.stop();
    expect(lines).toEqual(['first', 'second', 'unfinished']);
  });

  test('uses the given port, and reports if another program has it', {
    timeout: SLOW,
  }, async () => {
    nextFolder();
    const [port] = await freePorts(1);
    expect((await start({ port: port! })).address).toBe(`127.0.0.1:${port}`);
    nextFolder();
    const error = await errorOf(start({ port: port! }));
    expect(error.code).toBe('invalid-argument');
    expect(error.message).toContain('omit option port');
    expect((await errorOf(start({ port: 70_000 }))).message).toContain('option port must be an integer');
  });

  test('refuses a file, a folder with other contents and an impossible path', async () => {
    const file = join(root, 'old.db');
    await writeFile(file, 'SQLite format 3\0');
    const old = await errorOf(startMilvusLite(file, { python }));
    expect(old.code).toBe('invalid-argument');
    expect(old.message).toMatch(/is a file; Milvus Lite before 3\.0 kept its data in one/);

    const other = await mkdtemp(join(root, 'notes-'));
    await writeFile(join(other, 'shopping.txt'), '');
    const full = await errorOf(startMilvusLite(other, { python }));
    expect(full.code).toBe('invalid-argument');
    expect(full.message).toContain("holds other data than Milvus Lite's (shopping.txt)");
    expect(await readdir(other)).toEqual(['shopping.txt']);

    if (process.platform === 'linux') {
      expect((await errorOf(startMilvusLite('/proc/data', { python }))).code).toBe('invalid-argument');
    }
    const under = await errorOf(startMilvusLite(join(file, 'below'), { python }));
    expect(under.code).toBe('invalid-argument');
    expect(under.message).toContain('cannot be made (ENOTDIR)');
    expect((await errorOf(startMilvusLite('', { python }))).code).toBe('invalid-argument');
  });

  test('reports that the folder cannot be written', { timeout: SLOW }, async () => {
    // The only place where even root cannot create anything; elsewhere permissions suffice.
    const asRoot = process.getuid?.() === 0;
    const locked = asRoot ? '/sys/kernel' : await mkdtemp(join(root, 'locked-'));
    if (!asRoot) await chmod(locked, 0o500);
    const error = await errorOf(startMilvusLite(join(locked, 'data'), { python }));
    expect(error.code).toBe('refused');
    expect(error.message).toMatch(
      /cannot be written \((EACCES|EPERM|EROFS)\); make .* writable, or choose another folder/,
    );
  });

  test('reports a full and a read-only disk', { timeout: SLOW }, async (context) => {
    // Private mounts need Linux with user namespaces.
    const mounted = (
      options: string,
      ...args: readonly string[]
    ): Promise<{ code?: string; message: string }> =>
      new Promise((resolve, reject) => {
        const script = 'mount -t tmpfs -o "$0" none /mnt && exec "$@"';
        const user = [process.execPath, USER_PROGRAM, sources.folder, ...args, python];
        const environment = {
          ...process.env,
          XDG_STATE_HOME: args[0] === folder ? '/mnt/state' : join(root, 'state'),
        };
        const child = spawn('unshare', ['-Urm', 'sh', '-c', script, options, ...user], {
          stdio: ['pipe', 'pipe', 'pipe'],
          env: environment,
        });
        let said = '';
        child.stdout.on('data', (data) => {
          said += data;
        });
        child.on('error', reject);
        child.on('close', () => {
          try {
            resolve(JSON.parse(said));
          } catch (error) {
            reject(error);
          }
        });
      });
    nextFolder();
    const possible = await mounted('size=1m,nr_inodes=2', '/mnt/data').catch(() => undefined);
    if (possible === undefined) {
      const why = 'no mounts in a user namespace on this machine';
      nameSkipped('a real disk that is full or read-only', why);
      context.skip(why);
    }
    expect(possible).toMatchObject({ code: 'limit' });
    expect(possible?.message).toMatch(
      /\/mnt\/data cannot be written: the disk is full \(ENOSPC\); free some space/,
    );
    // Room for the folder, but not for Milvus Lite's files in it.
    expect(await mounted('size=1m,nr_inodes=4', '/mnt/data')).toMatchObject({ code: 'limit' });
    const state = await mounted('size=1m,nr_inodes=6', folder);
    expect(state.code).toBe('limit');
    expect(state.message).toMatch(/\/mnt\/state.*the disk is full/);
    const readOnly = await mounted('ro', '/mnt/data');
    expect(readOnly.code).toBe('refused');
    expect(readOnly.message).toMatch(
      /\/mnt\/data cannot be written \(EROFS\); make \/mnt\/data writable, or choose another folder/,
    );
    expect((await mounted('ro', folder)).message).toContain('or set XDG_STATE_HOME to another folder');
  });

  test('reports what is wrong with a Python', { timeout: SLOW }, async () => {
    nextFolder();
    const bare = join(root, 'bare');
    await once(spawn(python, ['-m', 'venv', '--without-pip', bare]), 'close');
    const cases = [
      ['no-such-python', 'not-found', /the Python no-such-python is not on the PATH/],
      [join(root, 'nothing'), 'not-found', /is neither a Python nor a virtual environment/],
      [bare, 'not-found', /has no milvus-lite, which Milvus Lite needs; install milvus-lite==3\.2\.2/],
      [process.execPath, 'server', /ended with exit code 1 while starting; its last log line: Node/],
    ] as const;
    for (const [named, code, message] of cases) {
      const error = await errorOf(start({ python: named }));
      expect(error.message).toMatch(message);
      expect(error.code).toBe(code);
    }
    delete process.env.M2V_PYTHON;
    const error = await errorOf(startMilvusLite(folder));
    expect(error.code).toBe('not-found');
    expect(error.message).toMatch(
      /none is set up; call setupMilvusLite\(\), or pass option python \(or set M2V_PYTHON\)/,
    );
  });

  if (process.platform !== 'win32')
    test('reports that a Python is too old', { timeout: SLOW }, async () => {
      nextFolder();
      // The newest unsupported Pythons, if this machine has them, and one that only claims to be old.
      const old = join(root, 'old-python');
      const claim = 'import sys; sys.version_info = (3, 9, 18); sys.argv[1:2] = []; exec(sys.argv.pop(1))';
      await writeFile(old, `#!/bin/sh\nshift\nexec '${python}' -c "${claim}" -- "$@"\n`, { mode: 0o755 });
      const named = [[old, '3.9.18']];
      for (const name of ['python2.7', 'python3.8', 'python3.9']) {
        const version = await promisify(execFile)(name, [
          '-c',
          'import sys; print(".".join(map(str, sys.version_info[:3])))',
        ]).catch(() => undefined);
        if (version !== undefined) named.push([name, version.stdout.trim()]);
      }
      for (const [path, version] of named) {
        const error = await errorOf(start({ python: path! }));
        expect(error.code).toBe('unsupported');
        expect(error.message).toContain('Milvus Lite needs Python 3.10 or newer');
        expect(error.message).toContain(`is ${version}; `);
      }
    });

  // Fakes for packages and Pythons that are hard to install: a folder on the path before the real ones.
  const broken = [
    ['a milvus-lite that is too old', '2.5.1', '', 'unsupported', /must be version 3\.2 or newer.*2\.5\.1/],
    ['a milvus-lite that is too new', '4.0.0', '', 'unsupported', /but below 4; .* has 4\.0\.0/],
    [
      'a missing package',
      '3.2.2',
      'import not_there',
      'not-found',
      /has no not_there, which Milvus Lite needs/,
    ],
    [
      'a package that does not load',
      '3.2.2',
      'raise ImportError("libfoo.so: bad\\nELF")',
      'server',
      /cannot be loaded \(libfoo\.so: bad ELF\)/,
    ],
    [
      'a crash',
      '3.2.2',
      'import os; os.abort()',
      'server',
      /was ended by SIGABRT while starting; its last log line: /,
    ],
    ['an exit', '3.2.2', 'import os; os._exit(7)', 'server', /ended with exit code 7 while starting/],
    [
      'a full disk',
      '3.2.2',
      failing('raise OSError(28, "No space left on device")'),
      'limit',
      /the disk is full \(ENOSPC\); free some space/,
    ],
    [
      'a folder that is not writable',
      '3.2.2',
      failing('raise PermissionError(13, "Permission denied")'),
      'refused',
      /cannot be written \(EACCES\)/,
    ],
    [
      'data that cannot be read',
      '3.2.2',
      failing('raise ValueError("bad manifest")'),
      'server',
      /cannot open .*: ValueError: bad manifest; see the log /,
    ],
    [
      'a start that hangs',
      '3.2.2',
      'import time; time.sleep(60)',
      'unreachable',
      /did not start within 3000 ms/,
    ],
  ] as const;
  for (const [what, version, program, code, message] of broken) {
    test(`reports in one line: ${what}`, { timeout: SLOW }, async () => {
      nextFolder();
      const packages = join(root, `packages-${number}`);
      const server = join(packages, 'milvus_lite', 'adapter', 'grpc');
      const info = join(packages, `milvus_lite-${version}.dist-info`);
      await mkdir(server, { recursive: true });
      await mkdir(info);
      await writeFile(
        join(info, 'METADATA'),
        `Metadata-Version: 2.1\nName: milvus-lite\nVersion: ${version}\n`,
      );
      for (const part of ['', 'adapter', 'adapter/grpc']) {
        await writeFile(join(packages, 'milvus_lite', part, '__init__.py'), '');
      }
      await writeFile(
        join(packages, 'milvus_lite', 'exceptions.py'),
        'class DataDirLockedError(Exception): pass\n',
      );
      await writeFile(join(server, 'server.py'), `${program}\n`);
      for (const [module, names] of Object.entries(INSIDE)) {
        const file = join(packages, 'milvus_lite', module);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, `${names}\n`);
      }
      process.env.PYTHONPATH = packages;
      try {
        const error = await errorOf(start(code === 'unreachable' ? { startTimeout: 3000 } : {}));
        expect(error.message).toMatch(message);
        expect(error.code).toBe(code);
      } finally {
        delete process.env.PYTHONPATH;
      }
    });
  }

  test('ends with its signal and leaves no server', { timeout: SLOW }, async () => {
    nextFolder();
    const reason = new Error('enough');
    const early = await errorOf(start({ signal: AbortSignal.abort(reason) }));
    expect(early).toMatchObject({ code: 'aborted', cause: reason });
    expect(existsSync(folder)).toBe(false);
    const controller = new AbortController();
    const promise = start({ signal: controller.signal });
    setTimeout(() => controller.abort(reason), 300);
    expect(await errorOf(promise)).toMatchObject({ code: 'aborted', cause: reason });
    expect((await milvusLiteStatus()).servers).toEqual([]);
    expect((await start()).shared).toBe(false);
  });
});

/** The internals of Milvus Lite that the program uses. */
const INSIDE = {
  'adapter/grpc/servicer.py': 'class MilvusServicer: pass',
  'db.py': 'class MilvusLite: get_collection = None',
  'engine/collection.py': 'class Collection: _trigger_flush = None',
  'storage/wal.py': 'class WAL: write_insert = write_delete = None',
};

/** A fake server module whose start runs the given statement. */
function failing(statement: string): string {
  return `def start_server_in_thread(*args, **options):\n    ${statement}`;
}
