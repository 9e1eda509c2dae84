import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ended, M2V, m2v, temporaryFolder } from '../run-m2v.js';
import { contentId, describeOn, MilvusTarget, newCollection, sharedServer } from './milvus-target.js';

const TURING = 'Alan Turing was born in Maida Vale, London.';
const BREAD = `${'Of baking much has been said. '.repeat(12)}Bread rises because yeast makes gas.`;
const JAPAN = '東京は日本の首都であり、世界最大の都市圏の一つである。'.repeat(4);

/** One or two program calls, on a busy machine. */
const SLOW = 60_000;

/** Runs a program on a terminal with a given number of columns and prints its output. */
const ON_A_TERMINAL = `
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[3], sys.argv[3:])
if sys.argv[2]:
    os.write(fd, sys.argv[2].encode() + b"\\n")
while True:
    try:
        data = os.read(fd, 4096)
    except OSError:
        break
    if not data:
        break
    os.write(1, data)
print("exit", os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

async function seen(columns: number, args: readonly string[], typed = ''): Promise<string> {
  const words = ['-c', ON_A_TERMINAL, String(columns), typed, process.execPath, M2V, ...args];
  const child = spawn('python3', words, { env: { ...process.env, NO_COLOR: '1', TERM: 'xterm' } });
  const { stdout, stderr } = await ended(child);
  expect(stderr).toBe('');
  return stdout.toString().replaceAll('\r\n', '\n');
}

await describeOn(
  'm2v search',
  () => sharedServer('lite'),
  (server) => {
    const milvus = new MilvusTarget(server);
    const collection = newCollection();
    let folder: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
      const rows = [
        { id: 'turing', text: TURING, year: 1912, born: { city: 'London' } },
        { text: BREAD, year: 2001 },
        { id: 'tokyo', text: JAPAN, source: 'asia.md', line: 7 },
      ];
      await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
      await milvus.index(collection, ['rows.jsonl'], { cwd: folder });
    }, SLOW);
    const search = (question: string, ...args: readonly string[]): ReturnType<typeof m2v> =>
      m2v(['search', question, '--in', milvus.uri, '-c', collection, ...args], { env: { COLUMNS: '60' } });

    it(
      'prints the best rows with rank, score, an excerpt, and fields',
      async () => {
        const { code, stdout, stderr } = await search('Does yeast make bread rise?');
        expect([code, stderr]).toEqual([0, '']);
        const [head, first, second, facts] = stdout.toString().split('\n');
        expect(head).toBe(`3 hits in ${collection}, hybrid search`);
        expect(first).toMatch(/^1 {2}0\.03\d\d {2}…\S.{20,}/);
        expect(`${first} ${second}`).toContain('yeast makes gas.');
        expect(facts).toBe('           year: 2001');
      },
      SLOW,
    );

    it(
      'prints JSON of a fixed shape',
      async () => {
        const { stdout } = await search('where was Turing born', '--json', '--limit', '2', '--mode', 'dense');
        expect(JSON.parse(stdout.toString())).toEqual({
          question: 'where was Turing born',
          collection,
          mode: 'dense',
          hits: [
            {
              rank: 1,
              id: 'turing',
              score: expect.any(Number),
              text: TURING,
              fields: { year: 1912, born: { city: 'London' } },
            },
            {
              rank: 2,
              id: expect.any(String),
              score: expect.any(Number),
              text: expect.any(String),
              fields: expect.any(Object),
            },
          ],
        });
        const filtered = await search('bread', '--json', '--filter', 'year > 2000', '--fields', 'year');
        expect(JSON.parse(filtered.stdout.toString()).hits).toEqual([
          expect.objectContaining({ id: contentId(BREAD), fields: { year: 2001 } }),
        ]);
      },
      SLOW,
    );

    it(
      'fits the terminal, even with characters that take two columns',
      async () => {
        const screen = await seen(50, [
          'search',
          '東京',
          '--in',
          milvus.uri,
          '-c',
          collection,
          '--mode',
          'dense',
        ]);
        const { textWidth } = await import('../../src/terminal/text-width.js');
        expect(screen).toContain('asia.md:7 · id: tokyo');
        expect(screen).toContain('…');
        for (const line of screen.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(50);
      },
      SLOW,
    );

    it.each<[string, string[], number, RegExp]>([
      [
        'refuses another model, and says what to do',
        ['--dimensionality', '64'],
        1,
        /^collection \w+ holds vectors of another model: they have 256 values, the embedder's have 64; pass the --model that filled it \(with the same .*\), another --collection, or --force to mix the models$/,
      ],
      [
        'refuses other settings of the same model',
        ['--no-normalize'],
        1,
        /^collection \w+ holds vectors of another model: its fingerprint is .*; pass the --model that filled it/,
      ],
      [
        'reports a missing collection',
        ['-c', 'absent'],
        1,
        /absent.*does not exist; m2v collections lists the ones that exist$/,
      ],
      ['reports what is wrong with a filter', ['--filter', 'year >'], 2, /^searching \w+/],
      ['refuses a limit of 0', ['--limit', '0'], 2, /'0' is invalid\. Give a whole number of at least 1\.$/],
      [
        'reports that no server answers',
        ['--in', 'http://127.0.0.1:9'],
        1,
        /^connecting to Milvus.*check that Milvus is running/,
      ],
    ])(
      '%s',
      async (_, args, code, message) => {
        const { stdout, stderr, ...rest } = await search('Turing', ...args);
        expect(stderr).toMatch(/^m2v: [^\n]+\n$/);
        expect(stderr.slice('m2v: '.length, -1)).toMatch(message);
        expect([rest.code, stdout.toString()]).toEqual([code, '']);
      },
      SLOW,
    );

    it(
      'lists the collection, and drops it after confirmation',
      async () => {
        const { stdout } = await m2v(['collections', '--in', milvus.uri]);
        const [head, ...lines] = stdout.toString().split('\n');
        expect(head).toMatch(/^name +rows +dim +vectors +metric +full-text +model$/);
        expect(lines.find((line) => line.startsWith(collection))).toMatch(
          /^\w+ +3 +256 +float32 +COSINE +yes +[0-9a-f]{12}…$/,
        );
        const { stdout: info } = await m2v(['info', '--json']);
        const { stdout: json } = await m2v(['collections', '--in', milvus.uri, '--json']);
        expect(JSON.parse(json.toString())).toContainEqual({
          name: collection,
          rows: 3,
          isExact: true,
          dim: 256,
          vectorType: 'float32',
          metric: 'COSINE',
          hasFullText: true,
          fingerprint: JSON.parse(info.toString()).fingerprint,
        });

        const drop = ['collections', 'drop', collection, '--in', milvus.uri];
        const unasked = await m2v(drop);
        expect([unasked.code, unasked.stderr]).toEqual([
          2,
          `m2v: dropping ${collection} needs a confirmation, and there is no terminal to ask on; pass --yes\n`,
        ]);
        const refused = await seen(100, drop, 'no');
        expect(refused).toMatch(/with 3 rows at http:\S+ for good\? Type its name: /);
        expect(refused).toMatch(/m2v: \w+ was kept\n[\s\S]*exit 1/);
        expect(await milvus.connection.hasCollection(collection)).toBe(true);
        expect(await seen(100, drop, collection)).toMatch(/dropped \w+ with 3 rows\n[\s\S]*exit 0/);
        expect(await milvus.connection.hasCollection(collection)).toBe(false);
        expect((await m2v([...drop, '--yes'])).code).toBe(1);
      },
      SLOW,
    );
  },
);

await describeOn(
  'm2v with a server that asks for a login',
  () => sharedServer('milvus-secured'),
  ({ connect }) => {
    const { authority, password } = {
      authority: (connect.tls as { readonly rootCertificate: string }).rootCertificate,
      password: connect.password!,
    };
    const collection = newCollection();
    const uri = connect.address;
    const login = { MILVUS_URI: uri, MILVUS_USER: connect.user!, MILVUS_CA_FILE: authority };

    it('reads address, login and certificate from the environment, and never prints the password', async () => {
      const env = { ...login, MILVUS_PASSWORD: password };
      const input = `${TURING}\nYeast makes gas.\n`;
      const indexed = await m2v(['index', '-', '-c', collection, '--verbose'], { env, input });
      expect([indexed.code, indexed.stderr]).toEqual([0, '']);
      expect(indexed.stdout.toString()).toMatch(/^2 rows stored in \w+ \(\d+\.\d s, [\d,]+ rows\/s\)\n$/);
      const found = await m2v(['search', 'Where was Turing born?', '-c', collection, '--json'], { env });
      expect(JSON.parse(found.stdout.toString())).toMatchObject({
        mode: 'dense',
        hits: [{ text: TURING }, {}],
      });

      // The server's own password is a word of its messages.
      const wrong = 'sesame-open';
      const refused = await m2v(['search', 'x', '-c', collection, '--verbose', '--password', wrong], { env });
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(/^m2v: connecting to Milvus/);
      expect(refused.stderr + refused.stdout).not.toContain(wrong);

      const nobody = await m2v(['collections'], {
        env: { MILVUS_URI: uri, MILVUS_CA_FILE: authority },
      });
      expect(nobody.stderr).toMatch(/set MILVUS_TOKEN, or pass --user and set MILVUS_PASSWORD\n$/);
    }, 120_000);
  },
);
