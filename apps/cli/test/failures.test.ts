import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ended, M2V, m2v, temporaryFolder } from './run-m2v.js';

let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder, 'folder'));
  await writeFile(join(folder, 'texts.txt'), 'a\nb\n');
  await writeFile(join(folder, 'bad.jsonl'), '"fine"\n\n{"text": "cut off\n');
  await writeFile(join(folder, 'number.jsonl'), '{"text":"fine"}\n{"text":5}\n');
  await writeFile(join(folder, 'not-a-tokenizer.json'), '{"model":{}}');
  await symlink('texts.txt', join(folder, 'link.txt'));
});

/** The one line of an error, without the program's name. */
async function complaint(code: number, args: readonly string[]): Promise<string> {
  const ended = await m2v(args, { cwd: folder });
  expect(ended.stdout.toString()).toBe('');
  expect(ended.stderr).toMatch(/^m2v: [^\n]+\n$/);
  expect(ended.stderr).not.toMatch(/unexpected|report it/);
  expect(ended.code).toBe(code);
  return ended.stderr.slice('m2v: '.length, -1);
}

describe('a wrong call ends with exit code 2 and one line', () => {
  it.each<[string[], string | RegExp]>([
    [[], 'the command is missing; begin with m2v demo, or see m2v --help'],
    [['embdd'], "unknown command 'embdd'; did you mean embed?"],
    [['embed', 'a', '--frobnicate'], /^unknown option '--frobnicate'; see m2v embed --help$/],
    [['embed', 'a', '--formt', 'f32'], /^unknown option '--formt'; did you mean --format\?$/],
    [['embed', '--input'], /^option '-i, --input <file>' argument missing/],
    [
      ['embed', 'a', '--format', 'csv'],
      /'csv' is invalid\. Allowed choices are jsonl, json, f32, npy, parquet\.$/,
    ],
    [['embed', 'a', '--batch-size', '0'], /'0' is invalid\. Give a whole number of at least 1\.$/],
    [['embed', 'a', '--batch-size', '1e3'], /'1e3' is invalid/],
    [['embed', 'a', '--dimensionality', '-1'], /'-1' is invalid/],
    [['embed', 'a', '--dimensionality', '1000'], /1000.*256|256.*1000/],
    [['embed', 'a', '--max-length', 'all'], /'all' is invalid\. Give a whole number, or 'none'\.$/],
    [['embed', 'a', '--quantize-to', 'int4'], /Allowed choices are float16, float32, float64, int8\.$/],
    [['embed', 'a', '--threads', 'many'], /'many' is invalid\. Give a whole number of at least 1\.$/],
    [['embed', 'a', '--threads', '65'], /from 1 to 64/],
    [['embed', 'a', '--kernel', 'gpu'], /there is no kernel "gpu"/],
    [['embed', 'a', '--input', 'texts.txt'], /^texts and --input exclude each other/],
    [['embed', 'a', '--field', 'body'], /^--text-field is for files and pipes/],
    [['embed', 'a', '--encoding', 'latin1'], /^--encoding is for files and pipes/],
    [['embed', '--input', 'texts.txt', '--field', 'body'], /^--text-field is for JSON Lines/],
    [['embed', '--input', '-', '--input', '-'], /^--input - is given twice/],
    [
      ['embed', '--input', 'texts.txt', '--output', 'texts.txt'],
      '--output texts.txt would overwrite texts.txt, which is read; choose another name for the result',
    ],
    [
      ['embed', '--input', 'texts.txt', '--output', 'link.txt'],
      /^--output link\.txt would overwrite texts\.txt/,
    ],
    [
      ['tokenize', 'a', '--tokenizer', 'x', '--model', 'y'],
      /'--tokenizer <file>' cannot be used with option '--model/,
    ],
    [['similarity', 'alone'], /^similarity compares texts and got 1; pass at least 2$/],
    [['info', 'something'], /too many arguments/],
    [['milvus'], 'the command is missing; see m2v milvus --help'],
    [['milvus', 'foo'], "unknown command 'foo'; see m2v milvus --help"],
    [['models', 'pul'], "unknown command 'pul'; did you mean pull?"],
    [['models', 'foo', '--json'], "unknown command 'foo'; see m2v models --help"],
    [['collections', 'lst'], "unknown command 'lst'; did you mean list?"],
    [['bulk', 'wrte'], "unknown command 'wrte'; did you mean write?"],
    [
      ['models', 'pull', 'org/name', '--subfoldr', 'x'],
      "unknown option '--subfoldr'; did you mean --subfolder?",
    ],
    [
      ['embed', 'a', '--output', 'p.png'],
      /^cannot write p\.png: \.png is not supported; name the file \.jsonl, /,
    ],
    [['embed', 'a', '--output', 'v.csv'], /^cannot write v\.csv: .*, or pass --format to keep the name$/],
    [
      ['tokenize', 'a', '--output', 'ids.npy'],
      /^cannot write ids\.npy: \.npy is not supported; name the file/,
    ],
    [
      ['plot', 'texts.txt', '--output', 'map.png'],
      /^cannot write map\.png: .*convert it, for example: rsvg-convert map\.svg --output map\.png$/,
    ],
    [['plot', 'texts.txt', '--output', 'map.parquet'], /^cannot write map\.parquet: .*name the file \.svg/],
  ])('m2v %j', async (args, message) => {
    expect(await complaint(2, args)).toMatch(message);
  });
});

describe('a failure ends with exit code 1 and one line', () => {
  it.each<[string[], string | RegExp]>([
    [
      ['embed', '--input', 'absent.txt'],
      'cannot read absent.txt: there is no such file or folder; check the path',
    ],
    [['embed', '--input', 'folder'], /^folder has no file to read among its 0 files; looked for \.txt, /],
    [['embed', '--input', 'bad.jsonl'], /^bad\.jsonl:3: not JSON: found \{"text": "cut off$/],
    [['embed', '--input', 'number.jsonl'], 'number.jsonl:2: field "text" must be a string; found a number 5'],
    [['embed', 'a', '--output', 'folder'], 'cannot write folder: it is a folder; name a file in it'],
    [['embed', 'a', '--output', 'absent/out.f32'], /the folder absent does not exist; create it first$/],
    [
      ['embed', 'a', '--output', 'texts.txt/out.f32'],
      /^cannot write texts\.txt\/out\.f32: a part of the path/,
    ],
    [['embed', 'a', '--model', './absent'], /absent/],
    [['embed', 'a', '--model', './folder'], /folder/],
    [['info', '--model', './folder'], /folder/],
    [['tokenize', 'a', '--tokenizer', 'absent.json'], /^cannot read absent\.json: there is no such file/],
    [['tokenize', 'a', '--tokenizer', 'folder'], 'cannot read folder: it is a folder; name a file'],
    [['tokenize', 'a', '--tokenizer', 'texts.txt'], /^texts\.txt: tokenizer\.json: /],
    [['tokenize', 'a', '--tokenizer', 'not-a-tokenizer.json'], /^not-a-tokenizer\.json: tokenizer\.json: /],
  ])('m2v %j', async (args, message) => {
    expect(await complaint(1, args)).toMatch(message);
  });

  it('reports a full disk, for a file and for standard output', async () => {
    expect(await complaint(1, ['embed', 'a', '--output', '/dev/full'])).toMatch(
      /^cannot write \/dev\/full: the disk is full; free space/,
    );
    const full = openSync('/dev/full', 'w');
    const child = spawn(process.execPath, [M2V, 'embed', 'a'], { stdio: ['ignore', full, 'pipe'] });
    const { code, stderr } = await ended(child);
    closeSync(full);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^m2v: cannot write standard output: the disk is full/),
    ]);
  });

  it('leaves no file behind', async () => {
    await complaint(1, ['embed', '--input', 'bad.jsonl', '--output', 'out.f32']);
    expect((await readdir(folder)).filter((name) => name.includes('out.f32'))).toEqual([]);
  });

  it('adds the stack for --verbose, but not for a text of that name', async () => {
    const args = ['embed', '--input', 'absent.txt', '--verbose'];
    const { stderr } = await m2v(args, { cwd: folder });
    expect(stderr).toMatch(
      /^m2v: cannot read absent\.txt[^\n]+\nFailureError: [\s\S]*\n {4}at [\s\S]*caused by: Error: ENOENT/,
    );
    await complaint(2, ['embed', '--input', 'texts.txt', '--', '--verbose']);
  });
});
