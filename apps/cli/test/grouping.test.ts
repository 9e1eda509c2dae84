import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { m2v, temporaryFolder } from './run-m2v.js';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
const run = (...args: string[]) => m2v(args, { cwd: folder });

describe('m2v dedupe', () => {
  it('prints the texts without later ones that say the same', async () => {
    await write('a.txt', 'How do I reset my password?\nWhere is the invoice?\nhow do i reset my password\n');
    await write('b.txt', 'Where is the invoice?\nThe printer is on fire.\n');
    const { code, stdout, stderr } = await run('dedupe', 'a.txt', 'b.txt');
    expect(stdout.toString()).toBe(
      'How do I reset my password?\nWhere is the invoice?\nThe printer is on fire.\n',
    );
    expect(stderr).toContain('3 of 5 texts kept; 2 duplicates removed (cosine ≥ 0.9)');
    expect(code).toBe(0);
  });

  it('keeps whole records, and names what it removed', async () => {
    const records = [
      '{"body":"The server is down","id":9007199254740993,"tags":["x"]}',
      '{"body":"The server is down.","id":2}',
      'broken',
      '{"body":"Bread needs yeast","n":1.5}',
    ];
    await write('a.jsonl', `${records.join('\n')}\n`);
    const args = [
      'dedupe',
      'a.jsonl',
      '--text-field',
      'body',
      '-o',
      'kept.jsonl',
      '--duplicates',
      'gone.jsonl',
    ];
    const { code, stdout, stderr } = await run(...args);
    expect(stdout.toString()).toBe('');
    expect(stderr).toContain('skipped a.jsonl, line 3');
    const kept = await readFile(join(folder, 'kept.jsonl'), 'utf8');
    expect(kept).toContain('9007199254740993');
    expect(
      kept
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line).body),
    ).toEqual(['The server is down', 'Bread needs yeast']);
    expect(JSON.parse(await readFile(join(folder, 'gone.jsonl'), 'utf8'))).toEqual({
      file: 'a.jsonl',
      line: 2,
      text: 'The server is down.',
      score: expect.closeTo(1, 1),
      of: { file: 'a.jsonl', line: 1, text: 'The server is down' },
    });
    expect(code).toBe(0);
  });

  it('reports as JSON, and takes a threshold', async () => {
    await write('a.txt', 'a red car\na blue car\nquantum physics\n');
    const strict = JSON.parse((await run('dedupe', 'a.txt', '--json')).stdout.toString());
    expect(strict).toEqual({ texts: 3, kept: 3, threshold: 0.9, duplicates: [] });
    const loose = JSON.parse((await run('dedupe', 'a.txt', '--json', '-t', '0.4')).stdout.toString());
    expect(loose).toMatchObject({ kept: 2, duplicates: [{ line: 2, of: { line: 1 } }] });
  });

  it('refuses wrong calls', async () => {
    await write('a.txt', 'one\n');
    for (const args of [
      ['-t', '2'],
      ['-t', ''],
      ['--json', '-o', 'x.txt'],
      ['-o', 'x.csv'],
      ['-o', 'a.txt'],
    ]) {
      expect((await run('dedupe', 'a.txt', ...args)).code).toBe(2);
    }
    const missing = await run('dedupe', 'none.txt');
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('none.txt')]);
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('one\n');
  });
});

describe('m2v cluster', () => {
  const TEXTS = [
    'The cat sleeps on the sofa',
    'Interest rates rise again',
    'A kitten plays with wool',
    'The bank lends money',
    'Cats purr when they are happy',
  ];

  it('groups texts by meaning, the largest group first', async () => {
    await write('a.txt', `${TEXTS.join('\n')}\n`);
    const args = ['cluster', 'a.txt', '-k', '2'];
    const { texts, clusters } = JSON.parse((await run(...args, '--json', '-n', '9')).stdout.toString());
    expect(texts).toBe(5);
    const lines = clusters.map((each: { examples: { line: number }[] }) =>
      each.examples.map(({ line }) => line).sort(),
    );
    expect(lines).toEqual([
      [1, 3, 5],
      [2, 4],
    ]);
    const drawn = (await run(...args, '-n', '1')).stdout.toString();
    expect(drawn).toMatch(/^1 {2}3 texts\n {2}.+\n {2}and 2 more\n\n2 {2}2 texts\n/);
    expect(drawn).toMatch(/5 texts in 2 groups\n$/);
  });

  it('writes the group of each text, in the order of the files', async () => {
    await write('a.txt', `${TEXTS.join('\n')}\n`);
    await run('cluster', 'a.txt', '-k', '2', '-o', 'groups.jsonl');
    const lines = (await readFile(join(folder, 'groups.jsonl'), 'utf8')).split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line).cluster)).toEqual([1, 2, 1, 2, 1]);
    expect(JSON.parse(lines[1]!)).toEqual({ cluster: 2, file: 'a.txt', line: 2, text: TEXTS[1] });
  });

  it('refuses more groups than texts', async () => {
    await write('a.txt', 'one\ntwo\n');
    const { code, stderr } = await run('cluster', 'a.txt', '-k', '3');
    expect([code, stderr]).toEqual([2, expect.stringContaining('2 texts')]);
  });
});
