import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Ended, m2v, temporaryFolder } from './run-m2v.js';

const PARQUET = fileURLToPath(new URL('../fixtures/rows-zstd.parquet', import.meta.url));
const LINES = 'grün und blau\nτρία\n';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'plain.txt': LINES,
    // Windows PowerShell 5 writes this with >.
    'utf16.txt': utf16(`\ufeff${LINES.replaceAll('\n', '\r\n')}`),
    'utf16be.txt': utf16(`\ufeff${LINES}`).swap16(),
    'utf16-unmarked.txt': utf16(LINES),
    'utf16.jsonl': utf16(`\ufeff{"text":"grün und blau"}\r\n{"text":"τρία"}\r\n`),
    'packed.txt.gz': gzipSync(LINES),
    // A gzip stream of several members, as `cat` makes from two files.
    'packed-twice.txt.gz': Buffer.concat([gzipSync('grün und blau\n'), gzipSync('τρία\n')]),
    'packed-without-suffix': gzipSync(LINES),
    'rows.csv': 'id,text\n1,grün und blau\n2,τρία\n',
    'rows.tsv': 'text\tid\ngrün und blau\t1\nτρία\t2\n',
    'csv-in.txt': 'id;text\n1;grün und blau\n2;τρία\n',
    'jsonl-in.txt': '{"id":1,"text":"grün und blau"}\n{"id":2,"text":"τρία"}\n',
    'rows.csv.gz': gzipSync('id,text\n1,grün und blau\n2,τρία\n'),
    'latin1.txt': Buffer.from('plain\ngrün und blau\n', 'latin1'),
    'image.txt': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
    'archive.txt': Buffer.from('504b0304140000000800', 'hex'),
    'zeros.txt': 'a\0b',
    'cut.txt.gz': gzipSync(LINES.repeat(1000)).subarray(0, 60),
    'utf32.txt': Buffer.from('fffe000061000000', 'hex'),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  await mkdir(join(folder, 'docs'));
  await writeFile(join(folder, 'docs/a.md'), '# Title\n\nFirst part.\n\n## Second\n\nMore words.\n');
  await writeFile(join(folder, 'docs/picture.png'), 'no text');
});

const run = (args: readonly string[], input?: string | Uint8Array): Promise<Ended> =>
  m2v(args, { cwd: folder, ...(input !== undefined && { input }) });

function texts(stdout: Buffer): string[] {
  const lines = stdout.toString().split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line).text as string);
}

const EMBED = (file: string): Promise<Ended> => run(['embed', '--dimensionality', '2', '--input', file]);

describe('m2v embed', () => {
  it.each([
    'utf16.txt',
    'utf16be.txt',
    'utf16.jsonl',
    'utf16-unmarked.txt',
    'packed.txt.gz',
    'packed-twice.txt.gz',
    'packed-without-suffix',
    'rows.csv',
    'rows.tsv',
    'rows.csv.gz',
    'csv-in.txt',
    'jsonl-in.txt',
  ])('reads %s like plain text', async (file) => {
    const { code, stdout, stderr } = await EMBED(file);
    const notice = /-in\.txt$/.test(file)
      ? /^m2v: \S+-in\.txt is read as (CSV|JSON Lines); --input-format/
      : /^$/;
    expect([code, texts(stdout)]).toEqual([0, LINES.trimEnd().split('\n')]);
    expect(stderr).toMatch(notice);
  });

  it.each([
    [
      'latin1.txt',
      /^m2v: latin1\.txt:2: it has bytes that are not UTF-8; name the encoding, .*--encoding latin1/,
    ],
    ['image.txt', /^m2v: image\.txt is a PNG image; name a file of texts$/m],
    ['archive.txt', /^m2v: archive\.txt is a ZIP file/],
    ['zeros.txt', /^m2v: zeros\.txt is a binary file; /],
    ['utf32.txt', /^m2v: utf32\.txt is UTF-32 text; convert it: iconv -f UTF-32 -t UTF-8 utf32\.txt$/m],
    ['cut.txt.gz', /^m2v: cannot unpack cut\.txt\.gz: .*damaged or cut off$/m],
  ])('refuses %s and suggests a conversion', async (file, message) => {
    const { code, stderr } = await EMBED(file);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

describe.each([
  ['tokenize', '--tokens'],
  ['similarity', '--json'],
])('m2v %s', (command, flag) => {
  it('reads and refuses the same inputs as embed', async () => {
    const read = (file: string): Promise<Ended> => run([command, flag, '--input', file]);
    const expected = await read('plain.txt');
    for (const file of ['utf16.txt', 'rows.csv.gz', 'jsonl-in.txt']) {
      expect((await read(file)).stdout.toString()).toBe(expected.stdout.toString());
    }
    for (const file of ['latin1.txt', 'image.txt']) expect((await read(file)).code).toBe(1);
  });
});

describe('m2v embed', () => {
  it('recognises Parquet by its content, and reads another column', async () => {
    const table = join(folder, 'table.parquet');
    const lines = LINES.trimEnd().split('\n');
    expect((await run(['embed', '--output', table], LINES)).code).toBe(0);
    expect(texts((await EMBED(table)).stdout)).toEqual(lines);
    await copyFile(table, join(folder, 'parquet-in.txt'));
    expect(texts((await EMBED('parquet-in.txt')).stdout)).toEqual(lines);
    const missing = await EMBED(PARQUET);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringMatching(/rows-zstd\.parquet:\d: field "text" must be a string; found null\n$/),
    ]);
    const piped = await run(['embed'], readFileSync(PARQUET));
    expect([piped.code, piped.stderr]).toEqual([
      2,
      'm2v: standard input: Parquet is read from its end; name a file, not a pipe\n',
    ]);
  });

  it('reads chunks of Markdown, and reports skipped files of a folder', async () => {
    const { stdout, stderr } = await run(['embed', '--input', 'docs']);
    expect(texts(stdout)).toEqual(['Title\n\nFirst part.', 'Title › Second\n\nMore words.']);
    expect(stderr).toBe('m2v: skipped 1 file in other formats: .png (1)\n');
  });

  it('reads every encoding that the user names', async () => {
    const { code, stdout } = await run(['embed', '--encoding', 'latin1', '--input', 'latin1.txt']);
    expect([code, texts(stdout)]).toEqual([0, ['plain', 'grün und blau']]);
    const zeros = await run(['embed', '--input-format', 'text', '--input', 'zeros.txt']);
    expect(texts(zeros.stdout)).toEqual(['a\0b']);
    expect((await run(['embed', '--encoding', 'klingon'])).stderr).toMatch(
      /'klingon' is invalid\. Give a name such/,
    );
  });

  it('recognises records in a pipe, unless the format is given', async () => {
    const csv = 'text,n\n"a, b",1\nc,2\n';
    expect(texts((await run(['embed'], csv)).stdout)).toEqual(['a, b', 'c']);
    expect(texts((await run(['embed', '--input-format', 'text'], csv)).stdout)).toEqual(
      csv.trimEnd().split('\n'),
    );
    const body = '{"body":"a"}\n{"body":"b"}\n';
    expect(texts((await run(['embed', '--text-field', 'body'], body)).stdout)).toEqual(['a', 'b']);
    expect(texts((await run(['embed'], body)).stdout)).toEqual(body.trimEnd().split('\n'));
  });

  it('embeds the empty texts of a table, so that rows stay aligned', async () => {
    const csv = 'id,text\n1,a\n2,\n3,c\n';
    expect(texts((await run(['embed', '--input-format', 'csv'], csv)).stdout)).toEqual(['a', '', 'c']);
    const broken = await run(['embed', '--input-format', 'csv'], 'id,text\n1,a\n2\n');
    expect([broken.code, broken.stderr]).toEqual([
      1,
      'm2v: standard input:3: expected 2 values, one per column; found 1\n',
    ]);
  });
});

describe('m2v prune', () => {
  it('reads a corpus in any format', async () => {
    const model = fileURLToPath(
      new URL('../../../packages/embedding-function/src/fixtures/word-piece-float32', import.meta.url),
    );
    await writeFile(join(folder, 'corpus.csv'), 'id,text\n1,the turing was\n2,london hello\n');
    await writeFile(
      join(folder, 'corpus.txt'),
      Buffer.from('\ufeffthe turing was\r\nlondon hello\r\n', 'utf16le'),
    );
    for (const corpus of ['corpus.csv', 'corpus.txt']) {
      const { code } = await run(['prune', model, '--corpus', corpus, '--output', `pruned-${corpus}`]);
      expect(code).toBe(0);
    }
    const table = (name: string): Promise<Buffer> =>
      readFile(join(folder, `pruned-${name}/model.safetensors`));
    expect(await table('corpus.csv')).toEqual(await table('corpus.txt'));
  });
});

describe('m2v plot', () => {
  it('reads UTF-16, gzip and records like embed', async () => {
    const many = Array.from({ length: 6 }, (_, i) => `the ${['cat', 'dog', 'moon'][i % 3]} number ${i}`);
    await writeFile(join(folder, 'many.txt'), many.join('\n'));
    await writeFile(join(folder, 'many-utf16.txt'), Buffer.from(`\ufeff${many.join('\r\n')}`, 'utf16le'));
    await writeFile(
      join(folder, 'many.csv.gz'),
      gzipSync(`n,text\n${many.map((text, i) => `${i},${text}`).join('\n')}`),
    );
    const draw = async (file: string): Promise<string> => {
      const { code, stdout } = await run(['plot', file, '--title', 'x', '--method', 'pca', '--output', '-']);
      expect(code).toBe(0);
      return stdout.toString();
    };
    const expected = await draw('many.txt');
    expect(await draw('many-utf16.txt')).toBe(expected);
    expect(await draw('many.csv.gz')).toBe(expected);
  });
});
