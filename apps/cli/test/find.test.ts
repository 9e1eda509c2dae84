import { chmod, mkdir, readdir, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { m2v, temporaryFolder } from './run-m2v.js';

interface Found {
  readonly files: number;
  readonly passages: number;
  readonly hits: readonly { readonly path: string; readonly line: number; readonly text: string }[];
}

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'docs'));
  await mkdir(join(folder, 'src'));
  await mkdir(join(folder, '.git'));
  await mkdir(join(folder, 'build'));
  await writeFile(join(folder, '.gitignore'), 'build/\n*.log\n!kept.log\n');
  await writeFile(
    join(folder, 'docs', 'bread.md'),
    '<!-- draft -->\n# Bread\n\n## Dough\n\nYeast makes the dough rise.\n',
  );
  await writeFile(join(folder, 'docs', 'sea.md'), '# Sea\n\nThe moon pulls the tides.\n');
  await writeFile(
    join(folder, 'src', 'retry.ts'),
    '// Sends a request again after a lost connection.\nexport function retry() {}\n',
  );
  await writeFile(join(folder, 'build', 'bread.md'), '# Bread\n\nYeast makes the dough rise.\n');
  await writeFile(join(folder, 'yeast.log'), 'yeast\n');
  await writeFile(join(folder, 'kept.log'), 'yeast in a log\n');
  await writeFile(join(folder, 'photo.bin'), Buffer.of(1, 0, 2));
  await writeFile(
    join(folder, 'rows.jsonl'),
    '{"text":"A train to Zurich leaves at eight."}\n{"text":"Coffee is roasted."}\n',
  );
});

async function find(question: string, ...args: string[]): Promise<Found> {
  const { code, stdout, stderr } = await m2v(['find', question, folder, '--json', ...args]);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout.toString()) as Found;
}

const places = ({ hits }: Found): string[] =>
  hits.map(({ path, line }) => `${path.slice(folder.length + 1)}:${line}`);

describe('m2v find', () => {
  it('finds passages by meaning, with file and line', async () => {
    expect(places(await find('why does bread get bigger'))[0]).toBe('docs/bread.md:6');
    expect(places(await find('ocean and the satellite of the earth'))[0]).toBe('docs/sea.md:3');
    expect(places(await find('repeat a failed call'))[0]).toBe('src/retry.ts:1');
    expect(places(await find('Swiss railway timetable'))[0]).toBe('rows.jsonl:1');
  });

  it('skips files that git ignores, hidden files and binary files', async () => {
    const found = await find('yeast', '-n', '50', '--mode', 'fullText');
    expect(places(found).sort()).toEqual(['docs/bread.md:6', 'kept.log:1']);
    const all = await find('yeast', '-n', '50', '--mode', 'fullText', '--no-ignore');
    expect(places(all).sort()).toEqual(['build/bread.md:3', 'docs/bread.md:6', 'kept.log:1', 'yeast.log:1']);
  });

  it('searches the files that globs select', async () => {
    expect(places(await find('yeast', '-g', '*.ts', '-n', '9'))).toEqual(['src/retry.ts:1']);
    const found = places(await find('yeast', '-g', '*.md', '-g', '!sea.md', '-n', '9'));
    expect(found).toEqual(['docs/bread.md:6']);
  });

  it('prints places and lines for people', async () => {
    const { stdout } = await m2v(['find', 'dough', join(folder, 'docs'), '-n', '1']);
    expect(stdout.toString()).toContain('bread.md:6');
    expect(stdout.toString()).toContain('Yeast makes the dough rise.');
    expect(stdout.toString()).toContain('2 passages of 2 files, hybrid search');
  });

  it('names unreadable files and continues', async () => {
    await writeFile(join(folder, 'large.txt'), 'x');
    await truncate(join(folder, 'large.txt'), 2 ** 30);
    await symlink(folder, join(folder, 'loop'));
    await writeFile(join(folder, 'secret.md'), 'yeast');
    await chmod(join(folder, 'secret.md'), 0);
    const { code, stdout, stderr } = await m2v(['find', 'tides', folder, '--json']);
    expect(code).toBe(0);
    expect(places(JSON.parse(stdout.toString()) as Found)[0]).toBe('docs/sea.md:3');
    expect(stderr).toContain('large.txt: it has 1024 MiB');
    // The superuser may read everything.
    if (process.getuid?.() !== 0) expect(stderr).toContain('secret.md: permission denied');
  });

  it('names pipes and devices instead of waiting for them', async () => {
    const { code, stdout, stderr } = await m2v(['find', 'tides', folder, '/dev/zero', '--json']);
    expect([code, places(JSON.parse(stdout.toString()) as Found)[0]]).toEqual([0, 'docs/sea.md:3']);
    expect(stderr).toBe('m2v: skipped /dev/zero: it is a pipe or a device; pass files and folders\n');
  });

  it('answers even if the cache cannot be written, and says so', async () => {
    const cache = join(folder, 'kept.log');
    const args = ['find', 'tides', folder, '--json', '--cache'];
    const { code, stdout, stderr } = await m2v(args, { env: { XDG_CACHE_HOME: cache } });
    expect([code, places(JSON.parse(stdout.toString()) as Found)[0]]).toEqual([0, 'docs/sea.md:3']);
    expect(stderr).toMatch(/^m2v: the vectors could not be kept: .+\n$/);
  });

  it('fails for a folder without texts, a missing path and an empty question', async () => {
    await mkdir(join(folder, 'none'));
    expect((await m2v(['find', 'x', join(folder, 'none')])).code).toBe(1);
    expect((await m2v(['find', 'x', join(folder, 'missing')])).code).toBe(1);
    expect((await m2v(['find', ' ', folder])).code).toBe(2);
  });

  it('writes nothing, or with --cache a file that is updated with the changes', async () => {
    const cache = await temporaryFolder();
    const env = { XDG_CACHE_HOME: cache };
    const search = async (question: string): Promise<string[]> => {
      const { code, stdout, stderr } = await m2v(
        ['find', question, folder, '--json', '--cache', '-n', '20'],
        { env },
      );
      expect([code, stderr]).toEqual([0, '']);
      return places(JSON.parse(stdout.toString()) as Found);
    };
    await m2v(['find', 'bread', folder], { env });
    expect(await readdir(cache)).toEqual([]);
    const before = await search('bread');
    const [file] = await readdir(join(cache, 'm2v', 'find'));
    expect(await search('bread')).toEqual(before);
    await rm(join(folder, 'docs', 'bread.md'));
    await writeFile(join(folder, 'docs', 'sea.md'), '# Sea\n\nSalt water.\n');
    await utimes(join(folder, 'docs', 'sea.md'), 1, 1);
    await writeFile(join(folder, 'docs', 'new.md'), 'Sourdough bread.\n');
    const after = await search('bread');
    expect(after.sort()).toEqual(places(await find('bread', '-n', '20')).sort());
    expect(after).toContain('docs/new.md:1');
    expect(after).not.toContain('docs/bread.md:6');
    await writeFile(join(cache, 'm2v', 'find', file!), 'damaged');
    expect((await search('bread')).sort()).toEqual(after);
  });
});
