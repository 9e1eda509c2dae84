import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended, floats, M2V, m2v, temporaryFolder, worstDifference } from './run-m2v.js';

const TEXTS: readonly string[] = JSON.parse(
  readFileSync(new URL('../fixtures/texts.json', import.meta.url), 'utf8'),
);
/** Python model2vec's result for {@link TEXTS}, written by numpy.save. */
const NUMPY = readFileSync(new URL('../fixtures/embeddings.npy', import.meta.url));
const EXPECTED = floats(NUMPY.subarray(128));
const DIM = 256;

interface Row {
  readonly text: string;
  readonly embedding: number[];
}

function rowsOf(lines: Buffer): Row[] {
  const text = lines.toString('utf8');
  return text === ''
    ? []
    : text
        .replace(/\n$/, '')
        .split('\n')
        .map((line): Row => JSON.parse(line));
}

function textsOf(lines: Buffer): string[] {
  return rowsOf(lines).map(({ text }) => text);
}

let folder: string;
let input: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  input = join(folder, 'texts.jsonl');
  await writeFile(input, TEXTS.map((text) => `${JSON.stringify({ text })}\n`).join(''));
});

describe('m2v embed', () => {
  it("gives Python's vectors in every format", async () => {
    const path = (format: string): string => join(folder, `all.${format}`);
    for (const format of ['jsonl', 'json', 'f32', 'npy']) {
      const { code, stdout, stderr } = await m2v(['embed', '--input', input, '--output', path(format)]);
      expect([code, stdout.toString(), stderr]).toEqual([0, '', '']);
    }
    const raw = await readFile(path('f32'));
    const numpy = await readFile(path('npy'));
    const lines = rowsOf(await readFile(path('jsonl')));
    expect(worstDifference(floats(raw), EXPECTED)).toBeLessThan(1e-6);
    expect(numpy.subarray(0, 128).equals(NUMPY.subarray(0, 128))).toBe(true);
    expect(numpy.subarray(128).equals(raw)).toBe(true);
    expect(lines.map(({ text }) => text)).toEqual(TEXTS);
    expect(Buffer.from(Float32Array.from(lines.flatMap((row) => row.embedding)).buffer).equals(raw)).toBe(
      true,
    );
    expect(JSON.parse(await readFile(path('json'), 'utf8'))).toEqual(lines);
  });

  it('gives the same through standard output, for any batch size', async () => {
    const expected = await m2v(['embed', '--input', input, '--format', 'f32']);
    for (const format of ['jsonl', 'json', 'f32', 'npy']) {
      const whole = await m2v(['embed', '--input', input, '--format', format]);
      const parts = await m2v(['embed', '--input', input, '--format', format, '--batch-size', '3']);
      expect([whole.code, whole.stderr, parts.code, parts.stderr]).toEqual([0, '', 0, '']);
      expect(parts.stdout.equals(whole.stdout)).toBe(true);
      if (format === 'npy') expect(whole.stdout.subarray(128).equals(expected.stdout)).toBe(true);
    }
  });

  it('gives the same on several threads', async () => {
    const many = join(folder, 'many.txt');
    const lines = Array.from(
      { length: 20_000 },
      (_, i) => `line ${i} of a file that is worth several threads`,
    );
    await writeFile(many, lines.join('\n'));
    const [one, two] = await Promise.all(
      ['1', '2'].map((threads) =>
        m2v(['embed', '--input', many, '--format', 'f32', '--dimensionality', '8', '--threads', threads]),
      ),
    );
    expect([one?.code, two?.code, one?.stdout.length]).toEqual([0, 0, 20_000 * 8 * 4]);
    expect(two?.stdout.equals(one!.stdout)).toBe(true);
  });

  it('leaves no temporary file behind when a format is spooled for a pipe', async () => {
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    const env = { TMPDIR: temporary, TEMP: temporary };
    const { code } = await m2v(['embed', '--format', 'npy'], { input: 'a\nb\n', env });
    expect([code, await readdir(temporary)]).toEqual([0, []]);
  });

  it('reads texts from arguments, from files in order, and from a pipe', async () => {
    const [a, b] = [join(folder, 'a.txt'), join(folder, 'b.jsonl')];
    await writeFile(a, 'one\ntwo');
    await writeFile(b, '"three"\n{"text":"four"}\n');
    expect(textsOf((await m2v(['embed', 'one', 'two words', ''])).stdout)).toEqual(['one', 'two words', '']);
    expect(textsOf((await m2v(['embed', '--', '--model', '-x'])).stdout)).toEqual(['--model', '-x']);
    expect(textsOf((await m2v(['embed', '-i', a, '-i', b])).stdout)).toEqual(['one', 'two', 'three', 'four']);
    for (const args of [[], ['-'], ['--input', '-']]) {
      expect(textsOf((await m2v(['embed', ...args], { input: 'x\ny\n' })).stdout)).toEqual(['x', 'y']);
    }
    const piped = await m2v(['embed', '--input', a, '--input', '-', '--input', b], { input: '2.5' });
    expect(textsOf(piped.stdout)).toEqual(['one', 'two', '2.5', 'three', 'four']);
  });

  it('reads JSON Lines by suffix, flag, content and field', async () => {
    const lines = '{"text":"a","body":"b"}\n{"text":"c","body":"d"}\n';
    const asText = await m2v(['embed', '--input-format', 'text'], { input: lines });
    const byContent = await m2v(['embed'], { input: lines });
    const asJson = await m2v(['embed', '--input-format', 'jsonl'], { input: lines });
    const asBody = await m2v(['embed', '--input-format', 'jsonl', '--field', 'body'], { input: lines });
    expect(textsOf(asText.stdout)).toEqual(lines.trimEnd().split('\n'));
    expect(textsOf(asJson.stdout)).toEqual(['a', 'c']);
    expect(textsOf(byContent.stdout)).toEqual(['a', 'c']);
    expect(byContent.stderr).toBe(
      'm2v: standard input is read as JSON Lines; --input-format text reads its lines as texts\n',
    );
    expect(textsOf(asBody.stdout)).toEqual(['b', 'd']);
  });

  it('follows --no-normalize, --dimensionality, --max-length and --quantize-to', async () => {
    const embed = async (...flags: string[]): Promise<Float32Array> =>
      floats((await m2v(['embed', 'three word text', '--format', 'f32', ...flags])).stdout);
    const plain = await embed();
    const long = await embed('--no-normalize');
    const length = Math.hypot(...long);
    expect(Math.hypot(...plain)).toBeCloseTo(1, 5);
    expect(length).toBeGreaterThan(1.5);
    expect(
      worstDifference(
        plain,
        long.map((value) => value / length),
      ),
    ).toBeLessThan(1e-6);
    const short = await embed('--no-normalize', '--dimensionality', '64');
    expect(worstDifference(short, long.subarray(0, 64))).toBe(0);
    const first = floats((await m2v(['embed', 'three', '--format', 'f32'])).stdout);
    expect(worstDifference(await embed('--max-length', '1'), first)).toBe(0);
    expect(worstDifference(await embed('--max-length', 'none'), plain)).toBe(0);
    expect(worstDifference(await embed('--quantize-to', 'float32', '--kernel', 'js'), plain)).toBeLessThan(
      1e-6,
    );
  });

  it.each([
    ['jsonl', ''],
    ['json', '[]\n'],
    ['f32', ''],
  ])('writes an empty %s for an empty input', async (format, content) => {
    const empty = join(folder, 'empty.txt');
    const output = join(folder, `empty.${format}`);
    await writeFile(empty, '');
    const { code, stderr } = await m2v(['embed', '--input', empty, '--output', output]);
    expect([code, stderr, await readFile(output, 'utf8')]).toEqual([0, '', content]);
    expect((await m2v(['embed', '--format', format])).stdout.toString()).toBe(content);
  });

  it('writes an array without rows for an empty input, like numpy', async () => {
    const { code, stdout } = await m2v(['embed', '--format', 'npy']);
    const numpy = readFileSync(new URL('../fixtures/embeddings-empty.npy', import.meta.url));
    expect([code, stdout.equals(numpy)]).toEqual([0, true]);
  });

  it('splits texts only at line ends, with CRLF, BOM, NUL and other separators in the file', async () => {
    const bytes = Buffer.from('\ufeffcrlf\r\n\r\nnul\0byte\nu\u2028v\u0085w\rx\n\ufefflast');
    const { code, stdout } = await m2v(['embed', '--input-format', 'text'], { input: bytes });
    expect(code).toBe(0);
    expect(textsOf(stdout)).toEqual(['crlf', '', 'nul\0byte', 'u\u2028v\u0085w\rx', '\ufefflast']);
  });

  it('writes Parquet with columns of texts and vectors', async () => {
    const output = join(folder, 'all.parquet');
    const { code, stderr } = await m2v(['embed', '--input', input, '--output', output]);
    expect([code, stderr]).toEqual([0, '']);
    // The decoder of hyparquet drops a byte order mark.
    const stringFromBytes = (bytes?: Uint8Array): string => Buffer.from(bytes ?? []).toString('utf8');
    const file = await asyncBufferFromFile(output);
    const rows = await parquetReadObjects({ file, parsers: { stringFromBytes } });
    expect(rows.map(({ text }) => text)).toEqual(TEXTS);
    const values = Float32Array.from(rows.flatMap(({ embedding }) => embedding as number[]));
    expect(worstDifference(values, EXPECTED)).toBeLessThan(1e-6);
    const half = await m2v(['embed', '--input', '-', '--input-format', 'jsonl', '--format', 'parquet'], {
      input: '"\\ud800"',
    });
    expect([half.code, half.stderr]).toEqual([
      1,
      'm2v: text 1 has half a surrogate pair, which Parquet cannot store; use --format jsonl\n',
    ]);
  });

  it('accepts a line of 5 MB', async () => {
    const path = join(folder, 'long.txt');
    await writeFile(path, `short\n${'long word '.repeat(524_288)}\nshort`);
    const { code, stdout } = await m2v(['embed', '--input', path, '--format', 'f32']);
    const values = floats(stdout);
    const row = (i: number): Float32Array => values.subarray(i * DIM, (i + 1) * DIM);
    expect([code, values.length]).toEqual([0, 3 * DIM]);
    expect(worstDifference(row(0), row(2))).toBe(0);
    expect(worstDifference(row(1), row(0))).toBeGreaterThan(0.01);
  });

  it('writes directly to a device', async () => {
    const { code, stderr } = await m2v(['embed', 'a', '--output', '/dev/null', '--format', 'npy']);
    expect([code, stderr]).toEqual([0, '']);
  });
});

const canLimit = process.platform === 'linux';
if (!canLimit) {
  process.stdout.write('SKIPPED embedding in few addresses: only Linux keeps the limit of ulimit -v\n');
}

describe.skipIf(!canLimit)('m2v embed, in a process with little address space', () => {
  it.each([
    ['12 GB, room for one memory of WebAssembly', 12_000_000, 'wasm'],
    ['6 GB, room for none', 6_000_000, 'js'],
  ])('gives the same embeddings of %s', async (_, kilobytes, kernel) => {
    const limited = (...args: readonly string[]): ReturnType<typeof ended> => {
      const script = `ulimit -v ${kilobytes} && exec "$0" "$@"`;
      return ended(spawn('sh', ['-c', script, process.execPath, M2V, ...args]));
    };
    const args = ['embed', '--input', input, '--format', 'f32'];
    const { code, stdout, stderr } = await limited(...args);
    expect([code, stderr]).toEqual([0, '']);
    expect(worstDifference(floats(stdout), EXPECTED)).toBeLessThan(1e-6);
    const info = await limited('info', '--json');
    expect(JSON.parse(info.stdout.toString())).toMatchObject({ kernel });
  });
});
