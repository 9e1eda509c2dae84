import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { emitSources } from '../servers/emitted-sources.js';
import { pythonEnvironment } from '../servers/python-environment.js';
import { describeOn, nameSkipped } from '../servers/shared-server.js';
import { type IngestEvent, type IngestJob, IngestProgram } from './ingest-program.js';

/** 4 MB, which do not compress. */
const ROWS: Pick<IngestJob, 'rows' | 'padding' | 'batchRows'> = { rows: 2000, padding: 2000, batchRows: 50 };

/** Exit code if this machine has no such disk. */
const IMPOSSIBLE = 99;

/** A private disk, in a Linux user namespace; it disappears with its programs. */
const SMALL_DISK = `mount -t tmpfs -o size=3m none /mnt || exit ${IMPOSSIBLE}
"$@"
mount -o remount,size=60m /mnt
"$@"`;
const IN_NAMESPACE = ['unshare', '-Urm'];

/** No file may grow beyond 2 MB; a soft limit, which can be raised again. */
const SMALL_FILES = `(ulimit -S -f 4096 || exit ${IMPOSSIBLE}; "$@")
"$@"`;

/** Kinds of small disks. Milvus Lite notices while it writes its log, or while it writes rows to a file. */
const CASES: readonly {
  readonly what: string;
  readonly script: string;
  readonly inNamespace: boolean;
  readonly environment?: Record<string, string>;
}[] = [
  { what: 'a disk, full with the log', script: SMALL_DISK, inNamespace: true },
  {
    what: 'a disk, full with a file of rows',
    script: SMALL_DISK,
    inNamespace: true,
    environment: { MILVUS_LITE_MEMTABLE_MEMORY_LIMIT_BYTES: '500000' },
  },
  { what: 'the size a file may have', script: SMALL_FILES, inNamespace: false },
];

await describeOn(
  'when there is too little room',
  async () => ({ name: 'Milvus Lite 3.2.2', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    let root: string;
    let sources: Awaited<ReturnType<typeof emitSources>>;
    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'm2v-disk-'));
      process.env.XDG_STATE_HOME = join(root, 'state');
      sources = await emitSources('disk-full');
    });
    afterAll(async () => {
      await sources.remove();
      await rm(root, { recursive: true, force: true });
    });

    for (const { what, script, inNamespace, environment = {} } of CASES) {
      test(`acknowledged rows stay, the others are reported, and with more space it continues: ${what}`, {
        timeout: 120_000,
      }, async (context) => {
        const folder = inNamespace ? '/mnt/milvus.db' : join(root, 'milvus.db');
        const target = { address: folder, lite: { python } };
        const job = { sources: sources.folder, target, collection: 'notes', ...ROWS };
        const wrapper = [...(inNamespace ? IN_NAMESPACE : []), 'sh', '-c', script, 'sh'];
        const program = new IngestProgram(job, { wrapper, environment });
        const code = await program.exited;
        if (program.events.length === 0) {
          const why = `no such disk on this machine (exit code ${code}): ${program.stderr.trim()}`;
          nameSkipped(`too little room in ${what}`, why);
          context.skip(why);
        }
        const [full = [], again = []] = runsOf(program.events);

        const { error } = last(full, 'error');
        expect(error).toMatchObject({ name: 'IngestError', code: 'limit', isError: true });
        expect(error.message).toMatch(/(No space left on device|File too large).*; free some space/);
        const { read, stored, superseded, failed } = error.result!;
        expect([stored > 0, read < ROWS.rows, stored + failed, superseded]).toEqual([true, true, read, 0]);

        const acknowledged = numbersTo(
          Math.max(...full.map((event) => (event.event === 'progress' ? event.complete : 0))),
        );
        const [ready] = again;
        const kept = ready?.event === 'ready' ? ready.kept : [];
        expect(kept.slice(0, acknowledged.length)).toEqual(acknowledged);
        expect(new Set(kept).size).toBe(kept.length);

        const { result, count, numbers } = last(again, 'result');
        expect(result).toEqual({ read: ROWS.rows, stored: ROWS.rows, superseded: 0, failed: [] });
        expect(count).toBe(ROWS.rows);
        expect(numbers).toEqual(numbersTo(ROWS.rows));
      });
    }
  },
);

/** The events of each run, if the wrapper runs the program several times. */
function runsOf(events: readonly IngestEvent[]): IngestEvent[][] {
  const runs: IngestEvent[][] = [];
  for (const event of events) {
    if (event.event === 'begin') runs.push([]);
    else runs.at(-1)!.push(event);
  }
  return runs;
}

function last<Kind extends 'error' | 'result'>(
  events: readonly IngestEvent[],
  kind: Kind,
): Extract<IngestEvent, { readonly event: Kind }> {
  const event = events.at(-1);
  if (event?.event !== kind) throw new Error(`no ${kind} but ${JSON.stringify(event)}`);
  return event as Extract<IngestEvent, { readonly event: Kind }>;
}

function numbersTo(count: number): number[] {
  return Array.from({ length: count }, (_, n) => n);
}
