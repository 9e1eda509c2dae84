import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ended, m2v, startM2v, temporaryFolder } from '../run-m2v.js';
import { contentId, describeOn, MilvusTarget, newCollection, sharedServer } from './milvus-target.js';

/** Several program calls, and imports, which take a server some time. */
const SLOW = 240_000;

await describeOn(
  'm2v bulk',
  () => sharedServer('milvus'),
  (server) => {
    const milvus = new MilvusTarget(server);
    const texts = Array.from({ length: 400 }, (_, i) => `text number ${i}`);
    let folder: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
      const lines = texts.map((text, n) => JSON.stringify({ text, n }));
      await writeFile(join(folder, 'rows.jsonl'), [...lines, 'not JSON', lines[0], '{"text":""}'].join('\n'));
    });
    const write = (collection: string, out: string, ...more: readonly string[]) =>
      m2v(
        [
          ...['bulk', 'write', 'rows.jsonl', '--to', milvus.uri, '-c', collection, '--folder', out, '--json'],
          ...more,
        ],
        { cwd: folder },
      );

    it(
      'writes shards to one folder and imports them once, when all are complete',
      async () => {
        const collection = newCollection();
        const out = join(folder, 'parts');
        const part = async (shard: string): Promise<Record<string, unknown>> => {
          const { code, stdout, stderr } = await write(collection, out, '--shard', shard, '--allow-rejects');
          expect([code, stderr]).toEqual([
            0,
            shard === '0/2' ? 'm2v: rows.jsonl:401: not JSON: found not JSON\n' : '',
          ]);
          return JSON.parse(stdout.toString());
        };
        const first = await part('0/2');
        expect(first).toMatchObject({ shard: '0/2', files: 1, rejected: 1, continued: false });

        const load = [
          ...['bulk', 'import', out, '--to', milvus.uri, '-c', collection, '--prefix', `${out}/`, '--json'],
        ];
        const early = await m2v(load);
        expect([early.code, early.stderr]).toEqual([
          1,
          `m2v: the files in ${out} are incomplete: shard 1 of 2 is not finished\n`,
        ]);

        const second = await part('1/2');
        expect(Number(first.rows) + Number(second.rows)).toBe(texts.length);
        expect(Number(first.repeated) + Number(second.repeated)).toBe(1);
        // Complete, so that nothing is read again.
        expect(await part('1/2')).toMatchObject({ rows: second.rows, continued: true });

        const done = await m2v(load);
        expect([done.stderr, JSON.parse(done.stdout.toString())]).toEqual([
          '',
          { collection, rows: texts.length, files: 2, failed: [] },
        ]);
        const rows = await milvus.rows(collection);
        expect([...rows.keys()].sort()).toEqual(texts.map(contentId).sort());
        expect(rows.get(contentId('text number 7'))).toEqual({ text: 'text number 7', n: 7 });
        // The same command again stores nothing twice.
        expect((await m2v(load)).stdout.toString()).toBe(done.stdout.toString());
        expect((await milvus.rows(collection)).size).toBe(texts.length);
      },
      SLOW,
    );

    it(
      'reports invalid rows by file and line, and files of another model',
      async () => {
        const collection = newCollection();
        const out = join(folder, 'rejects');
        await writeFile(join(folder, 'bad.jsonl'), `{"text":"fine"}\n\n{"text":"${'x'.repeat(70_000)}"}\n`);
        const target = ['--to', milvus.uri, '-c', collection];
        const args = ['bulk', 'write', 'bad.jsonl', '--folder', out, '--as', 'json', ...target];
        const { code, stdout, stderr } = await m2v(args, { cwd: folder });
        expect([code, stdout.toString()]).toEqual([
          1,
          expect.stringMatching(/^1 row in 1 file in .* 1 rejected\n$/),
        ]);
        expect(stderr).toMatch(/^m2v: bad\.jsonl:3 .*65,?535/);
        expect(await readdir(out)).toContain('part-00000.json');
        const manifest = join(out, 'part.manifest.json');
        const text = await readFile(manifest, 'utf8');
        await writeFile(manifest, text.replace(/"fingerprint": "[^"]+"/, '"fingerprint": "other"'));
        const refused = await m2v(['bulk', 'import', out, '--prefix', `${out}/`, ...target]);
        expect([refused.code, refused.stderr]).toEqual([
          1,
          expect.stringMatching(/^m2v: the files belong to fingerprint other, not /),
        ]);
        const nothing = await m2v(['bulk', 'import', folder, '--prefix', '', ...target]);
        expect(nothing.stderr).toContain('has no manifest of import files; m2v bulk write makes them');
      },
      SLOW,
    );

    it(
      'stops at Ctrl-C, and the same command continues after the complete files',
      async () => {
        const collection = newCollection();
        const out = join(folder, 'stopped');
        const target = ['--to', milvus.uri, '-c', collection, '--folder', out];
        const child = startM2v(['bulk', 'write', '-', ...target, '--unique-ids'], { cwd: folder });
        const end = ended(child);
        child.stdin!.write('one\ntwo\n');
        await expect.poll(() => readdir(out).catch(() => undefined), { timeout: 60_000 }).toBeDefined();
        child.kill('SIGINT');
        const { code, stderr } = await end;
        expect([code, stderr]).toEqual([
          130,
          'm2v: stopped with 0 complete files; the same command continues after them\n',
        ]);
        child.stdin!.destroy();
        const again = startM2v(['bulk', 'write', '-', ...target, '--json'], { cwd: folder });
        const result = ended(again);
        again.stdin!.end('one\ntwo\n');
        await once(again, 'close');
        expect(JSON.parse((await result).stdout.toString())).toMatchObject({ rows: 2, files: 1 });
      },
      SLOW,
    );
  },
);
