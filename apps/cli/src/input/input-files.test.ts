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
  const names = [
    ...['b.md', 'a.txt', 'deep er/größe 文.CSV', '.hidden.md', 'node_modules/x/y.md', 'packed.jsonl.gz'],
    ...['picture.png', 'deep er/2.png', 'LICENSE'],
  ];
  for (const name of names) await writeFile(join(folder, 'docs', name), 'content');
  await writeFile(join(folder, '[odd] name.txt'), 'content');
  await writeFile(join(folder, 'list.json'), '[]');
  await writeFile(join(folder, 'book.pdf'), '%PDF-1.7');
  await writeFile(join(folder, 'log.1'), 'line');
  await symlink('..', join(folder, 'docs/up'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let notices: string[] = [];
const onNotice = (line: string): void => {
  notices.push(line);
};

async function found(...named: string[]): Promise<string[]> {
  notices = [];
  const files = await findInputFiles(
    named.map((name) => (name === '-' ? name : join(folder, name))),
    undefined,
    onNotice,
  );
  return files.map(({ path, format }) => `${path.replace(`${folder}/`, '')} ${format}`);
}

it('accepts files whose names contain pattern characters', async () => {
  expect(await found('log.1', '[odd] name.txt', 'log.1')).toEqual(['log.1 undefined', '[odd] name.txt text']);
});

it('finds the readable files of a folder in a fixed order, counts the others by suffix and follows no links', async () => {
  expect(await found('docs')).toEqual([
    'docs/a.txt text',
    'docs/b.md markdown',
    'docs/deep er/größe 文.CSV csv',
    'docs/packed.jsonl.gz jsonl',
  ]);
  expect(notices).toEqual(['skipped 3 files in other formats: .png (2), without suffix (1)']);
  expect(await found('docs/node_modules')).toEqual(['docs/node_modules/x/y.md markdown']);
  const [only, ...others] = await findInputFiles([join(folder, 'docs')], 'markdown', onNotice);
  expect([only?.path, others]).toEqual([join(folder, 'docs/b.md'), []]);
});

it.each<[string, RegExp]>([
  ['book.pdf', /book\.pdf: \.pdf files cannot be read; convert it to text first, with pdftotext/],
  ['empty', /empty has no file to read among its 0 files; looked for \.txt, /],
  ['absent.txt', /cannot read .*absent\.txt: there is no such file or folder; check the path$/],
  ['docs/*.pdf', /no file matches .*\*\.pdf; check the pattern/],
  ['list.json', /list\.json: \.json files cannot be read; make it JSON Lines, with jq/],
])('refuses %s with the reason', async (name, message) => {
  await expect(found(name)).rejects.toThrow(message);
});

// For a user who may read everything, no folder is unreadable.
const readsAll = process.platform === 'win32' || process.getuid?.() === 0;
if (readsAll) process.stdout.write('SKIPPED a folder without rights: this user may read everything\n');

it.skipIf(readsAll)('reports an unreadable folder instead of skipping it', async () => {
  await mkdir(join(folder, 'rights/shut'), { recursive: true });
  await writeFile(join(folder, 'rights/a.txt'), 'content');
  await chmod(join(folder, 'rights/shut'), 0o000);
  await expect(found('rights')).rejects.toThrow(/cannot read \S+shut: permission denied; check who owns it/);
});
