import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { startM2v, temporaryFolder } from '../run-m2v.js';
import { describeOn, MilvusTarget, newCollection, sharedServer } from './milvus-target.js';

/** Several calls of the program, on a busy machine. */
const SLOW = 180_000;

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'm2v index, run again after files have changed',
    () => sharedServer(kind),
    (server) => {
      const milvus = new MilvusTarget(server);
      let folder: string;
      const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
      const textsOf = async (collection: string): Promise<string[]> =>
        [...(await milvus.rows(collection)).values()].map(({ text }) => String(text)).sort();
      const changes = (added: number, changed: number, unchanged: number, removed: number) => ({
        fileChanges: { added, changed, unchanged, removed },
      });

      beforeEach(async () => {
        folder = await temporaryFolder();
        await mkdir(join(folder, 'docs'));
        await write('docs/a.md', '# A\n\nFirst.\n\n## Part\n\nShared words.\n');
        await write('docs/b.md', '<!-- notice -->\n# B\n\nSecond.\n');
        await write('docs/c.txt', 'Shared words.\n');
        await write('docs/list.txt', 'one\ntwo\nShared words.\n');
        await write('docs/rows.jsonl', '{"id":"x","text":"row x"}\n{"id":"y","text":"row y"}\n');
      });

      it(
        'has the rows of the files, and no others',
        async () => {
          const collection = newCollection();
          const index = async () => (await milvus.index(collection, ['docs'], { cwd: folder })).result;
          expect(await index()).toMatchObject({ ...changes(5, 0, 0, 0), stored: 9 });
          expect(await index()).toMatchObject({ ...changes(0, 0, 5, 0), stored: 0, unchanged: 9 });

          await write('docs/a.md', '# A\n\nFirst, changed.\n\n## Part\n\nShared words.\n');
          await rm(join(folder, 'docs/c.txt'));
          await rename(join(folder, 'docs/b.md'), join(folder, 'docs/d.md'));
          await write('docs/list.txt', 'Shared words.\ntwo\n');
          await write('docs/rows.jsonl', '{"id":"y","text":"row y"}\n{"id":"x","text":"another x"}\n');
          expect(await index()).toMatchObject({ ...changes(1, 3, 0, 2), removed: 4 });
          const wanted = [
            ...['A › Part\n\nShared words.', 'A\n\nFirst, changed.', 'B\n\nSecond.'],
            ...['Shared words.', 'another x', 'row y', 'two'],
          ];
          expect(await textsOf(collection)).toEqual(wanted.sort());
          expect(await index()).toMatchObject({ ...changes(0, 0, 4, 0), stored: 0, removed: 0 });

          for (const name of ['a.md', 'd.md', 'list.txt', 'rows.jsonl']) await rm(join(folder, 'docs', name));
          expect(await index()).toMatchObject({ ...changes(0, 0, 0, 4), removed: 7 });
          expect(await textsOf(collection)).toEqual([]);
        },
        SLOW,
      );

      it(
        'keeps rows of missing files if asked to, and those of other folders and pipes always',
        async () => {
          const collection = newCollection();
          await mkdir(join(folder, 'blog'));
          await write('blog/post.md', 'A post.\n');
          const index = async (...args: string[]) =>
            (await milvus.index(collection, args, { cwd: folder, input: 'piped\n' })).result;
          await index('blog', '-');
          await index('docs/*.txt');
          await rm(join(folder, 'docs/c.txt'));
          expect(await index('docs/*.txt', '--keep-missing')).toMatchObject(changes(0, 0, 1, 0));
          expect((await textsOf(collection)).length).toBe(6);
          expect(await index('docs/*.txt')).toMatchObject(changes(0, 0, 1, 1));
          expect(await textsOf(collection)).toEqual(['A post.', 'Shared words.', 'one', 'piped', 'two']);
        },
        SLOW,
      );

      it(
        'reads a file again if other settings cut it, or another file has taken its rows',
        async () => {
          const collection = newCollection();
          const run = (...args: string[]) =>
            milvus.index(collection, ['docs/rows.jsonl', 'docs/z.jsonl', ...args], { cwd: folder });
          const index = async (...args: string[]) => (await run(...args)).result;
          await write('docs/z.jsonl', '{"id":"x","text":"x of z"}\n');
          for (const files of ['1 file', '2 files']) {
            expect(String((await run()).stderr)).toContain(`${files} with ids that another file also has`);
            expect(await textsOf(collection)).toEqual(['row y', 'x of z']);
          }
          await write('docs/z.jsonl', '{"id":"z","text":"z","other":"other z"}\n');
          await index();
          expect(await textsOf(collection)).toEqual(['row x', 'row y', 'z']);
          expect(String((await run()).stderr)).toBe('');
          expect(await index()).toMatchObject(changes(0, 0, 2, 0));
          expect(await index('--fields', 'none')).toMatchObject(changes(0, 2, 0, 0));
        },
        SLOW,
      );

      it(
        'ends up equal to the files after kill -9 at any point',
        async () => {
          const collection = newCollection();
          const lines = (n: number): string =>
            Array.from({ length: 3000 }, (_, i) => `row ${i} of ${i % 3 === 0 ? 'all' : n}\n`).join('');
          await write('docs/list.txt', lines(1));
          await milvus.index(collection, ['docs'], { cwd: folder });
          for (const delay of [600, 1100, 1600]) {
            await write('docs/list.txt', lines(delay));
            const args = ['index', 'docs', '--milvus', milvus.uri, '-c', collection];
            const child = startM2v(args, { cwd: folder, env: { XDG_STATE_HOME: join(folder, 'state') } });
            const closed = once(child, 'close');
            await new Promise((resolve) => setTimeout(resolve, delay));
            child.kill('SIGKILL');
            await closed;
          }
          // The content of the first run, whose rows an interrupted run may have left in part.
          await write('docs/list.txt', lines(1));
          const env = { XDG_STATE_HOME: join(folder, 'state') };
          await milvus.index(collection, ['docs'], { cwd: folder, env });
          const texts = (await textsOf(collection)).filter(
            (text) => text.startsWith('row ') && text.includes(' of '),
          );
          expect(texts).toEqual(lines(1).trimEnd().split('\n').sort());
          const again = await milvus.index(collection, ['docs'], { cwd: folder, env });
          expect(again.result).toMatchObject({ ...changes(0, 0, 5, 0), stored: 0 });
        },
        SLOW,
      );

      if (kind === 'lite')
        it(
          'follows changes with --watch until it is stopped',
          async () => {
            const collection = newCollection();
            const args = ['index', 'docs', '--milvus', milvus.uri, '-c', collection, '--watch'];
            const child = startM2v(args, { cwd: folder, env: { XDG_STATE_HOME: join(folder, 'state') } });
            const closed = once(child, 'close');
            let printed = '';
            child.stdout!.on('data', (part) => {
              printed += String(part);
            });
            try {
              await expect.poll(() => printed, { timeout: 60_000 }).toContain('9 rows stored');
              await write('docs/c.txt', 'Watched words.\n');
              await rm(join(folder, 'docs/a.md'));
              await expect
                .poll(async () => await textsOf(collection), { timeout: 60_000 })
                .toEqual(['B\n\nSecond.', 'Shared words.', 'Watched words.', 'one', 'row x', 'row y', 'two']);
            } finally {
              child.kill('SIGINT');
            }
            const [code, signal] = await closed;
            expect(code === 130 || signal === 'SIGINT').toBe(true);
          },
          SLOW,
        );
    },
  );
}
