import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findInputFiles } from './input-files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'm2v-inputs-'));
  await mkdir(join(folder, 'docs/deep er'), { recursive: true });
  await mkdir(join(folder, 'docs/node_modules/x'), { recursive: true });
  await mkdir(join(folder, 'empty'));
  const names = ['b.md', 'a.txt', 'deep er/größe 文.CSV', 'picture.png', '.hidden.md', 'node_modules/x/y.md'];
  for (const name of names) await writeFile(join(folder, 'docs', name), 'content');
  await writeFile(join(folder, '[odd] name.txt'), 'content');
  await writeFile(join(folder, 'list.json'), '[]');
  await writeFile(join(folder, 'log.1'), 'line');
  await symlink('..', join(folder, 'docs/up'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function found(...named: string[]): Promise<string[]> {
  const files = await findInputFiles(
    named.map((name) => (name === '-' ? name : join(folder, name))),
    undefined,
  );
  return files.map(({ path, format }) => `${path.replace(`${folder}/`, '')} ${format}`);
}

it('takes files as they are named, also with signs of patterns in their names', async () => {
  expect(await found('log.1', '[odd] name.txt', 'log.1')).toEqual(['log.1 text', '[odd] name.txt text']);
});

it('takes from folders what it can read, in the same order each time, and follows no links', async () => {
  expect(await found('docs')).toEqual([
    'docs/a.txt text',
    'docs/b.md markdown',
    'docs/deep er/größe 文.CSV csv',
  ]);
  expect(await found('docs/node_modules')).toEqual(['docs/node_modules/x/y.md markdown']);
  const [only, ...others] = await findInputFiles([join(folder, 'docs')], 'markdown');
  expect([only?.path, others]).toEqual([join(folder, 'docs/b.md'), []]);
});

it.each<[string, RegExp]>([
  ['empty', /empty has no file to index among its 0 files; looked for \.txt, /],
  ['absent.txt', /cannot read .*absent\.txt: there is no such file or folder; check the path$/],
  ['docs/*.pdf', /no file matches .*\*\.pdf; check the pattern/],
  ['list.json', /list\.json: \.json files are not read; make it JSON Lines, with jq/],
])('says what is wrong with %s', async (name, message) => {
  await expect(found(name)).rejects.toThrow(message);
});

// Who may read everything finds no folder that cannot be read.
const readsAll = process.platform === 'win32' || process.getuid?.() === 0;
if (readsAll) process.stdout.write('SKIPPED a folder without rights: this user may read everything\n');

it.skipIf(readsAll)('names a folder that cannot be read, instead of passing over it', async () => {
  await mkdir(join(folder, 'rights/shut'), { recursive: true });
  await writeFile(join(folder, 'rights/a.txt'), 'content');
  await chmod(join(folder, 'rights/shut'), 0o000);
  await expect(found('rights')).rejects.toThrow(/cannot read \S+shut: permission denied; check who owns it/);
});
