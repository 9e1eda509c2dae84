import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { pythonEnvironment } from '../../../../packages/milvus-adapter/test/servers/python-environment.ts';
import { m2v, type RunOptions, temporaryFolder } from '../run-m2v.js';
import { describeOn } from './milvus-target.js';

/** Several program calls, each with its own server, on a busy machine. */
const SLOW = 120_000;

await describeOn(
  'm2v with a folder for Milvus Lite',
  async () => ({ name: 'this machine', python: await pythonEnvironment('milvus-lite') }),
  ({ python }) => {
    let options: RunOptions;
    let folder: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
      // Isolates the test from the user's own servers and environments.
      const home = { XDG_STATE_HOME: join(folder, 'state'), XDG_DATA_HOME: join(folder, 'data') };
      options = { cwd: folder, env: { M2V_PYTHON: python, ...home } };
    });
    const say = async (args: readonly string[], input = ''): Promise<string> => {
      const { code, stdout, stderr } = await m2v(args, { ...options, input });
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      return stdout.toString();
    };

    it(
      'starts it, stores, stops it, and finds the stored rows; then again with a running server',
      async () => {
        const input = 'Bread needs yeast.\nThe moon pulls the sea.\n';
        expect(await say(['index', '-', '--to', './notes.db', '-c', 'notes'], input)).toMatch(
          /^2 rows stored in notes/,
        );
        expect(await say(['milvus', 'status'])).toMatch(/\nservers +none running\n$/);
        const search = ['search', 'what does bread need', '--in', 'notes.db', '-c', 'notes', '--json'];
        const cold = await m2v(search, options);
        expect(cold.stderr).toBe(
          'm2v: starting Milvus Lite on notes.db for this search; run m2v milvus start notes.db to keep it running, ' +
            'or pass --keep-alive 600\n',
        );
        const found = JSON.parse(cold.stdout.toString());
        expect([found.mode, found.hits[0].text]).toEqual(['hybrid', 'Bread needs yeast.']);

        const address = (await say(['milvus', 'start', 'notes.db', '--quiet'])).trim();
        try {
          expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
          const again = JSON.parse(await say(['milvus', 'start', 'notes.db', '--json']));
          expect(again).toMatchObject({ address, folder: join(folder, 'notes.db'), alreadyRunning: true });
          // The folder and the address are the same server.
          expect(JSON.parse(await say(search))).toEqual(found);
          search[3] = address;
          expect(JSON.parse(await say(search))).toEqual(found);
          const status = JSON.parse(await say(['milvus', 'status', '--json']));
          expect(status).toMatchObject({
            environment: null,
            python: { path: python, from: 'M2V_PYTHON' },
            servers: [{ address, folder: join(folder, 'notes.db'), users: 0, keepRunning: true }],
          });
        } finally {
          await m2v(['milvus', 'stop', 'notes.db'], options);
        }
        expect(JSON.parse(await say(['milvus', 'status', '--json'])).servers).toEqual([]);
        const nothing = await m2v(['milvus', 'stop', 'notes.db'], options);
        expect([nothing.code, nothing.stderr]).toEqual([
          1,
          'm2v: no Milvus Lite of yours runs on notes.db; m2v milvus status lists the running servers\n',
        ]);
      },
      SLOW,
    );

    it(
      'keeps it for a while after a search with --keep-alive',
      async () => {
        await say(['index', '-', '--milvus', './warm.db', '-c', 'notes'], 'Bread needs yeast.\n');
        const search = ['search', 'bread', '--milvus', './warm.db', '-c', 'notes'];
        const first = await m2v([...search, '--keep-alive', '300'], options);
        expect(first.stderr).toContain(
          'starting Milvus Lite on ./warm.db for this search; it stays for 300 s',
        );
        try {
          expect((await m2v(search, options)).stderr).toBe('');
          expect(await say(['milvus', 'status'])).toContain('0 users, ends 300 s after its last user');
        } finally {
          await m2v(['milvus', 'stop', 'warm.db'], options);
        }
        const env = { ...options.env, M2V_KEEP_ALIVE: '1' };
        expect((await m2v([...search, '--quiet'], { ...options, env })).stderr).toBe('');
        await expect
          .poll(async () => JSON.parse(await say(['milvus', 'status', '--json'])).servers, {
            timeout: 30_000,
          })
          .toEqual([]);
      },
      SLOW,
    );

    it(
      'explains what to do without Python, and creates no folder',
      async () => {
        const env = { ...options.env, M2V_PYTHON: '' };
        const absent = await m2v(['search', 'x', '--in', 'other.db', '-c', 'notes'], { ...options, env });
        expect([absent.code, absent.stderr]).toEqual([
          1,
          'm2v: the folder other.db does not exist; m2v index creates one\n',
        ]);
        const index = ['index', '-', '--to', 'other.db', '-c', 'notes'];
        const { code, stderr } = await m2v(index, { ...options, env, input: 'text' });
        expect([code, stderr]).toEqual([1, expect.stringMatching(/^m2v: .*run m2v milvus setup.*\n$/)]);
        const setup = await m2v(['milvus', 'setup', '--python', './absent'], { ...options, env });
        expect([setup.code, setup.stderr]).toEqual([
          1,
          expect.stringMatching(
            /^m2v: the Python \.\/absent is neither a Python nor a virtual environment; run m2v milvus setup/,
          ),
        ]);
        expect((await m2v(['milvus', 'status'], { ...options, env })).stdout.toString()).toMatch(
          /^environment +none; m2v milvus setup creates one\npython +none: /,
        );
        expect(existsSync(join(folder, 'data'))).toBe(false);
      },
      SLOW,
    );
  },
);
