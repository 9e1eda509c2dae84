import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ended, M2V, startM2v, temporaryFolder } from '../run-m2v.js';
import { contentId, describeOn, MilvusTarget, newCollection, sharedServer } from './milvus-target.js';

/** Several program calls, on a busy machine. */
const SLOW = 120_000;

/** Rows of the input: six requests. */
const ROWS = 12_000;

/** The text of a row; some rows repeat one of the same file. */
function textOf(i: number): string {
  return `text number ${i % 1000 === 9 ? i - (i % (ROWS / 2)) + 3 : i}`;
}

/** Approximate bytes per row of the input. */
const ROW_BYTES = 37;

await describeOn(
  'm2v index, interrupted',
  () => sharedServer('lite'),
  (server) => {
    const milvus = new MilvusTarget(server);
    let folder: string;
    let state: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
      state = join(folder, 'state');
      const lines = Array.from({ length: ROWS }, (_, i) =>
        // Some duplicates, some invalid rows, and blank lines.
        i % 1000 === 7 ? '{"text":5}' : JSON.stringify({ text: textOf(i), i }),
      );
      await writeFile(join(folder, 'a.jsonl'), `${lines.slice(0, ROWS / 2).join('\n\n')}\n`);
      await writeFile(join(folder, 'b.jsonl'), lines.slice(ROWS / 2).join('\n'));
    });

    const args = (collection: string, ...more: readonly string[]): string[] => [
      ...['a.jsonl', 'b.jsonl', '--state', state, '--rejects', `${collection}.jsonl`, ...more],
    ];

    /** Starts an index run and waits until it has recorded at least `bytes` of the input as done. */
    async function startedUntil(collection: string, bytes: number): Promise<ReturnType<typeof startM2v>> {
      const child = startM2v(['index', '--to', milvus.uri, '-c', collection, '--json', ...args(collection)], {
        cwd: folder,
      });
      let isOver = false;
      child.once('close', () => {
        isOver = true;
      });
      while (!isOver) {
        const [name] = (await readdir(state).catch(() => [])).filter((each) => each.endsWith('.json'));
        const entry = name && (await readFile(join(state, name), 'utf8').catch(() => ''));
        if (entry && JSON.parse(entry).position > bytes) return child;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return child;
    }

    async function expectWhole(collection: string): Promise<void> {
      const texts = new Set<string>();
      for (let i = 0; i < ROWS; i++) {
        if (i % 1000 !== 7) texts.add(contentId(textOf(i)));
      }
      const rows = await milvus.rows(collection);
      expect(rows.size).toBe(texts.size);
      expect([...rows.keys()].every((id) => texts.has(id))).toBe(true);
      const rejects = (await readFile(join(folder, `${collection}.jsonl`), 'utf8')).trim().split('\n');
      const expected = Array.from({ length: ROWS / 1000 }, (_, n) => {
        const index = n * 1000 + 7;
        const isFirst = index < ROWS / 2;
        return [isFirst ? 'a.jsonl' : 'b.jsonl', isFirst ? index * 2 + 1 : index - ROWS / 2 + 1];
      });
      expect(rejects.map((line) => JSON.parse(line)).map(({ source, line }) => [source, line])).toEqual(
        expected,
      );
    }

    it(
      'by kill -9 at several points, stores every row once in the end and reports each reject once',
      async () => {
        const collection = newCollection();
        let killed = 0;
        for (const share of [0, 0.3, 0.6]) {
          const child = await startedUntil(collection, share * ROWS * ROW_BYTES);
          if (child.exitCode !== null) break;
          child.kill('SIGKILL');
          await once(child, 'close');
          killed++;
        }
        expect(killed).toBeGreaterThan(1);
        const { code, result, stderr } = await milvus.index(collection, args(collection), { cwd: folder });
        expect(stderr).toMatch(/^m2v: continuing at row [\d,]+ of [ab]\.jsonl \(\d+%\); --fresh starts/);
        expect([code, result]).toEqual([1, expect.objectContaining({ continued: true, complete: true })]);
        expect(result!.stored).toBeLessThan(ROWS);
        await expectWhole(collection);
        // Complete, so there is nothing to continue.
        expect((await readdir(state)).filter((name) => name.endsWith('.json'))).toEqual([]);
      },
      SLOW,
    );

    it(
      'by Ctrl-C, finishes pending rows, exits with 130, and continues after them',
      async () => {
        const collection = newCollection();
        const child = await startedUntil(collection, 0.1 * ROWS * ROW_BYTES);
        const end = ended(child);
        child.kill('SIGINT');
        const { code, stdout, stderr } = await end;
        expect(code).toBe(130);
        expect(stderr).toContain(
          'm2v: stopping after the rows on their way are stored; press again to stop now\n',
        );
        expect(stderr).toMatch(/m2v: stopped; the same command continues here\n$/);
        const first = JSON.parse(stdout.toString());
        expect(first).toMatchObject({ complete: false, continued: false });
        // It stored exactly the rows that it reported.
        expect((await milvus.rows(collection)).size).toBeLessThanOrEqual(first.stored);
        const second = await milvus.index(collection, args(collection), { cwd: folder });
        expect(second.result).toMatchObject({ continued: true, complete: true });
        // At most the rows of one interrupted batch are sent twice.
        expect(first.stored + first.repeated + Number(second.result!.stored)).toBeLessThan(ROWS + 300);
        await expectWhole(collection);
      },
      SLOW,
    );

    it(
      'by nothing, but with a full disk for its progress, says so once and stores every row',
      async ({ skip }) => {
        const collection = newCollection();
        // One page of memory holds the first entry; the next one has no room beside it.
        const script =
          'mount -t tmpfs -o size=4k none /mnt || exit 77; "$@"; code=$?; ls -A /mnt; exit $code';
        const command = [M2V, 'index', '--to', milvus.uri, '-c', collection, ...args(collection)];
        const { code, stdout, stderr } = await ended(
          spawn(
            'unshare',
            ['-Urm', 'sh', '-c', script, 'sh', process.execPath, ...command, '--state', '/mnt'],
            {
              cwd: folder,
            },
          ),
        );
        if (code === 77 || stderr.includes('unshare')) skip('this user may not mount a small disk');
        const notices = stderr.match(
          /m2v: cannot write \/mnt\/\w+\.json: the disk is full; .*repeat more rows\n/g,
        );
        expect(notices).toHaveLength(1);
        expect(code).toBe(1);
        expect(stdout.toString()).not.toMatch(/\.tmp/);
        await expectWhole(collection);
      },
      SLOW,
    );

    it(
      'and then emptied, starts at the first row, as it does for a changed file',
      async () => {
        const stop = async (collection: string): Promise<void> => {
          const child = await startedUntil(collection, 0.1 * ROWS * ROW_BYTES);
          const end = ended(child);
          child.kill('SIGINT');
          expect((await end).code).toBe(130);
        };
        const collection = newCollection();
        await stop(collection);
        const rows = [...(await milvus.rows(collection)).keys()];
        await milvus.connection.client.delete({
          collection_name: collection,
          filter: `id in ${JSON.stringify(rows.slice(0, 1500))}`,
        });
        const again = await milvus.index(collection, args(collection), { cwd: folder });
        expect(again.stderr).toContain(
          `m2v: rows of an earlier run are no longer in ${collection}; beginning`,
        );
        expect(again.result).toMatchObject({ continued: false });
        await expectWhole(collection);

        const other = newCollection();
        await stop(other);
        await appendFile(join(folder, 'b.jsonl'), '\n{"text":"one more"}');
        const changed = await milvus.index(other, args(other), { cwd: folder });
        expect(changed.result).toMatchObject({ continued: false });
        expect((await milvus.rows(other)).has(contentId('one more'))).toBe(true);
        await rm(state, { recursive: true });
      },
      SLOW,
    );

    it(
      'stops even while it reads a silent pipe',
      async () => {
        const collection = newCollection();
        const child = startM2v(['index', '-', '--to', milvus.uri, '-c', collection, '--json'], {});
        const end = ended(child);
        // More blank lines than a pipe holds: once they are written, the rows before them have been read.
        await new Promise((resolve) => child.stdin!.write(`one\ntwo\n${'\n'.repeat(1 << 21)}`, resolve));
        child.kill('SIGINT');
        const { code, stdout } = await end;
        expect([code, JSON.parse(stdout.toString())]).toEqual([
          130,
          expect.objectContaining({ stored: 2, complete: false }),
        ]);
        child.stdin!.destroy();
      },
      SLOW,
    );
  },
);
