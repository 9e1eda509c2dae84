import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import { m2v, temporaryFolder } from '../run-m2v.js';
import { contentId, describeOn, MilvusTarget, newCollection, sharedServer } from './milvus-target.js';

const PARQUET = fileURLToPath(new URL('../../fixtures/rows.parquet', import.meta.url));

/** One or two program calls, on a busy machine. */
const SLOW = 60_000;

for (const kind of ['lite', 'milvus'] as const) {
  await describeOn(
    'm2v index',
    () => sharedServer(kind),
    (server) => {
      const milvus = new MilvusTarget(server);
      let folder: string;
      beforeAll(async () => {
        folder = await temporaryFolder();
        await mkdir(join(folder, 'docs/sub folder'), { recursive: true });
        await writeFile(join(folder, 'docs/größe 文.md'), '# Größe\n\nA page about size.\n');
        await writeFile(
          join(folder, 'docs/sub folder/b.md'),
          '# Bread\n\nYeast makes gas.\n\n## Ovens\n\nHot.\n',
        );
        await writeFile(join(folder, 'docs/picture.png'), 'no text');
        await writeFile(join(folder, 'notes.txt'), '\ufeffone\r\ntwo\r\n\r\none\r\n');
        await writeFile(
          join(folder, 'rows.jsonl'),
          '{"id":"a","text":"first","year":1990,"tags":["x"]}\nnot JSON\n{"id":"b","text":"second","year":2001}\n',
        );
        await writeFile(join(folder, 'rows.csv'), 'key;body;n\nk1;"one; two";5\nk2;three;\n');
      });

      it(
        'stores every format, and changes nothing the second time',
        async () => {
          const collection = newCollection();
          const files = ['docs', 'notes.txt', 'rows.jsonl', PARQUET];
          const run = (): ReturnType<typeof milvus.index> => milvus.index(collection, files, { cwd: folder });
          const first = await run();
          expect(first.result).toEqual({
            collection,
            files: 5,
            stored: 11,
            unchanged: 0,
            removed: 0,
            fileChanges: { added: 5, changed: 0, unchanged: 0, removed: 0 },
            repeated: 1,
            rejected: 1,
            rejectedEarlier: 0,
            empty: 3,
            continued: false,
            complete: true,
            seconds: expect.any(Number),
          });
          expect(first.code).toBe(1);
          expect(first.stderr.split('\n').slice(0, -1)).toEqual([
            'm2v: skipped 1 file in other formats: .png (1)',
            expect.stringMatching(
              /^m2v: \S+rows\.parquet: column "raw" holds bytes that are not text in row 6; it is left out from row 5 on$/,
            ),
            'm2v: rows.jsonl:2: not JSON: found not JSON',
          ]);
          const rows = await milvus.rows(collection);
          const chunk = 'Bread › Ovens\n\nHot.';
          expect(rows.get(contentId(chunk))).toMatchObject({
            text: chunk,
            source: 'docs/sub folder/b.md',
            headings: ['Bread', 'Ovens'],
            line: 7,
          });
          expect(rows.get(contentId('Größe\n\nA page about size.'))).toMatchObject({
            source: 'docs/größe 文.md',
          });
          expect(rows.get(contentId('one'))).toEqual({ text: 'one' });
          expect(rows.get('a')).toEqual({ text: 'first', year: 1990, tags: ['x'] });
          expect(rows.get('9007199254740993')).toMatchObject({ text: 'fünfter 文本 🙂', year: 1994 });
          expect(rows.size).toBe(11);
          expect((await run()).result).toMatchObject({
            ...{ stored: 0, unchanged: 11, removed: 0, rejected: 1 },
            // A file with failed rows is read again, so that the rows are reported again.
            fileChanges: { added: 0, changed: 1, unchanged: 4, removed: 0 },
          });
          expect(await milvus.rows(collection)).toEqual(rows);
        },
        SLOW,
      );

      it(
        'accepts other field names, numeric ids, vector types and a pipe',
        async () => {
          const collection = newCollection();
          const names = ['--text-field', 'body', '--id-field', 'key'];
          const input = await readFile(join(folder, 'rows.csv'));
          const piped = ['-', '--input-format', 'csv', '--metric', 'IP', '--no-words'];
          expect((await milvus.index(collection, [...piped, ...names], { input })).result).toMatchObject({
            stored: 2,
          });
          expect((await milvus.rows(collection)).get('k1')).toEqual({ text: 'one; two', n: 5 });
          const { stdout } = await m2v(['collections', '--in', milvus.uri, '--json']);
          expect(
            JSON.parse(stdout.toString()).find(({ name }: { name: string }) => name === collection),
          ).toMatchObject({ rows: 2, dim: 256, metric: 'IP', hasFullText: false });
          if (milvus.isLite) {
            const { code, stderr } = await milvus.index(
              newCollection(),
              ['notes.txt', '--vector-type', 'int8'],
              {
                cwd: folder,
              },
            );
            expect([code, stderr]).toEqual([
              1,
              expect.stringMatching(
                /^m2v: this server \(.*\) has no vectors of type int8; pass --vector-type float32\n$/,
              ),
            ]);
          } else {
            const binary = newCollection();
            await milvus.index(binary, ['notes.txt', '--vector-type', 'binary'], { cwd: folder });
            expect((await milvus.rows(binary)).size).toBe(2);
          }
        },
        SLOW,
      );

      it(
        'writes failed rows to a file, with id and reason, and stores the others',
        async () => {
          const collection = newCollection();
          const lines = [
            '{"id":"fits","text":"fine"}',
            `{"id":"long","text":"${'x'.repeat(70_000)}"}`,
            '{"id":"no text"}',
            `{"id":"${'i'.repeat(600)}","text":"long id"}`,
            '{"id":"last","text":"fine too"}',
          ];
          const args = ['-', '--format', 'jsonl', '--rejects', 'rejects.jsonl'];
          const options = { cwd: folder, input: lines.join('\n') };
          const { code, result } = await milvus.index(collection, args, options);
          expect([code, result]).toEqual([1, expect.objectContaining({ stored: 2, rejected: 3 })]);
          const rejects = (await readFile(join(folder, 'rejects.jsonl'), 'utf8')).trim().split('\n');
          expect(rejects.map((line) => JSON.parse(line))).toEqual([
            {
              source: 'standard input',
              line: 2,
              id: 'long',
              code: 'invalid-argument',
              reason: expect.stringMatching(/65,?535/),
            },
            expect.objectContaining({ line: 3, code: 'unreadable' }),
            expect.objectContaining({ line: 4, code: 'invalid-argument' }),
          ]);
          expect((await milvus.index(collection, [...args, '--allow-rejects'], options)).code).toBe(0);
        },
        SLOW,
      );

      it(
        'keeps integers that a double cannot hold, and prints them as strings',
        async () => {
          const collection = newCollection();
          const input =
            '{"id":"s1","text":"snowflake","author_id":1234567890123456789,"ok":9007199254740991}';
          await milvus.index(collection, ['-', '--input-format', 'jsonl'], { input });
          const { stdout } = await m2v([
            'search',
            'snow',
            '--milvus',
            milvus.uri,
            '-c',
            collection,
            '--json',
          ]);
          expect(JSON.parse(stdout.toString()).hits[0].fields).toEqual({
            author_id: '1234567890123456789',
            ok: 9007199254740991,
          });
        },
        SLOW,
      );

      if (kind === 'lite')
        it(
          'counts stored rows, repeated rows and rows that already exist',
          async () => {
            const collection = newCollection();
            const line = (i: number): string => JSON.stringify({ id: `k${i}`, text: `text ${i}`, n: i });
            const lines = Array.from({ length: 3000 }, (_, i) => line(i));
            // The repeated rows are in another batch than the first ones.
            const input = [...lines, ...lines.slice(0, 200)].join('\n');
            const args = ['-', '--input-format', 'jsonl'];
            const first = await milvus.index(collection, args, { input });
            expect(first.result).toMatchObject({ stored: 3000, unchanged: 0, repeated: 200 });
            const changed = lines.with(7, JSON.stringify({ id: 'k7', text: 'text 7', n: 'seven' }));
            const second = await milvus.index(collection, args, {
              input: [...changed, line(3000)].join('\n'),
            });
            expect(second.result).toMatchObject({ stored: 2, unchanged: 2999, repeated: 0 });
            const rows = await milvus.rows(collection);
            expect([rows.size, rows.get('k7')]).toEqual([3001, { text: 'text 7', n: 'seven' }]);
          },
          SLOW,
        );

      if (kind === 'lite')
        it(
          'creates no collection if it stores nothing',
          async () => {
            await writeFile(join(folder, 'empty.txt'), '\n\n');
            for (const args of [['empty.txt'], ['mixed-binary.txt'], ['-']]) {
              await writeFile(join(folder, 'mixed-binary.txt'), 'a\0b');
              const collection = newCollection();
              await milvus.index(collection, args, { cwd: folder });
              expect(await milvus.connection.hasCollection(collection)).toBe(false);
            }
          },
          SLOW,
        );

      // These rules are the program's own, so one server is enough.
      if (kind === 'lite')
        it(
          'reports an unreadable file and stores the others, UTF-16 too; a single unreadable file fails the run',
          async () => {
            const collection = newCollection();
            await mkdir(join(folder, 'mixed'));
            await writeFile(join(folder, 'mixed/a.txt'), 'readable');
            await writeFile(join(folder, 'mixed/b.txt'), 'a\0b');
            await writeFile(join(folder, 'mixed/c.txt'), Buffer.from('\ufeffwide', 'utf16le'));
            await writeFile(join(folder, 'mixed/d.txt'), 'as well');
            const all = await milvus.index(collection, ['mixed'], { cwd: folder });
            expect([all.code, all.result]).toEqual([
              1,
              expect.objectContaining({ stored: 3, rejected: 1, complete: true }),
            ]);
            expect(all.stderr).toEqual(
              expect.stringMatching(
                /^m2v: mixed\/b\.txt: it is a binary file; name a file of texts; [^\n]*\n$/,
              ),
            );
            const alone = await milvus.index(collection, ['mixed/b.txt'], { cwd: folder });
            expect([alone.code, alone.stderr]).toEqual([
              1,
              expect.stringMatching(/^m2v: mixed\/b\.txt is a binary file; name a file of texts/),
            ]);
          },
          SLOW,
        );

      if (kind === 'lite')
        it(
          'stores each row in exactly one shard',
          async () => {
            const lines = Array.from({ length: 500 }, (_, i) => `line number ${i}`);
            await writeFile(join(folder, 'lines.txt'), lines.join('\n'));
            const parts = await Promise.all(
              [0, 1, 2].map(async (shard) => {
                const collection = newCollection();
                const args = ['lines.txt', '--shard', `${shard}/3`];
                expect((await milvus.index(collection, args, { cwd: folder })).code).toBe(0);
                return [...(await milvus.rows(collection)).keys()];
              }),
            );
            for (const part of parts) expect(part.length).toBeGreaterThan(100);
            expect(parts.flat().sort()).toEqual(lines.map(contentId).sort());
          },
          SLOW,
        );
    },
  );
}
