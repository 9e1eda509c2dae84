import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FailureError } from '../terminal/cli-error.js';
import { AtomicFile } from './atomic-file.js';
import { removeUnfinished } from './unfinished-files.js';

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'atomic-file-')));
});

afterEach(() => rm(folder, { recursive: true }));

describe('AtomicFile', () => {
  it('appears under its name only when it is closed', async () => {
    const path = join(folder, 'out');
    const file = await AtomicFile.create(path);
    await file.write(Buffer.from('0000'));
    await file.write(Buffer.from('tail'));
    await file.patch(Buffer.from('head'), 0);
    const before = await readdir(folder);
    expect(before).toHaveLength(1);
    expect(before[0]).toMatch(/^\.out\.m2v-[0-9a-f]{8}-\d+-[0-9a-f]{12}\.tmp$/);
    await file.close();
    expect(await readdir(folder)).toEqual(['out']);
    expect(await readFile(path, 'utf8')).toBe('headtail');
  });

  it('keeps the old file until then, and after a failure', async () => {
    const path = join(folder, 'out');
    await writeFile(path, 'old');
    const file = await AtomicFile.create(path);
    await file.write(Buffer.from('new'));
    expect(await readFile(path, 'utf8')).toBe('old');
    await file.discard();
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it('keeps the permissions of the file it replaces', async () => {
    const path = join(folder, 'out');
    await writeFile(path, 'old');
    await chmod(path, 0o602);
    const file = await AtomicFile.create(path);
    await file.close();
    expect((await stat(path)).mode & 0o777).toBe(0o602);
  });

  it('writes to the target of a link, and keeps the link', async () => {
    await mkdir(join(folder, 'far'));
    await writeFile(join(folder, 'far', 'target'), 'old');
    await symlink(join(folder, 'far', 'target'), join(folder, 'link'));
    const file = await AtomicFile.create(join(folder, 'link'));
    await file.write(Buffer.from('new'));
    await file.close();
    expect(await realpath(join(folder, 'link'))).toBe(join(folder, 'far', 'target'));
    expect(await readFile(join(folder, 'far', 'target'), 'utf8')).toBe('new');
    expect(await readdir(join(folder, 'far'))).toEqual(['target']);
  });

  it('is removed when the program is interrupted', async () => {
    const file = await AtomicFile.create(join(folder, 'out'));
    removeUnfinished();
    expect(await readdir(folder)).toEqual([]);
    await file.discard();
  });

  it('allows two writers of one file: the last to finish wins, completely', async () => {
    const path = join(folder, 'out');
    const [first, second] = await Promise.all([AtomicFile.create(path), AtomicFile.create(path)]);
    await Promise.all([first.write(Buffer.from('first')), second.write(Buffer.from('second'))]);
    await first.close();
    await second.close();
    expect(await readFile(path, 'utf8')).toBe('second');
  });

  it('reports the missing folder', async () => {
    const failure = AtomicFile.create(join(folder, 'no', 'out'));
    await expect(failure).rejects.toThrow(`the folder ${join(folder, 'no')} does not exist; create it first`);
    await expect(failure).rejects.toBeInstanceOf(FailureError);
  });
});
