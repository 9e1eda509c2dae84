import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Ended, m2v, temporaryFolder } from './run-m2v.js';

const TEXTS: Readonly<Record<string, readonly string[]>> = {
  animals: ['a cat sleeps', 'the dog barks', 'a kitten plays', 'the cow eats grass', 'a lion hunts'],
  food: ['bread & butter', 'soup with carrots', 'cheese from <France>', 'an apple pie', 'rice and beans'],
  space: ['the moon orbits the earth', 'stars and galaxies', 'a rocket to mars', 'planets', 'a telescope'],
};
const ROWS = Object.entries(TEXTS).flatMap(([topic, texts]) =>
  texts.map((text, i) => ({ text, topic, id: i * 100 + text.length + i / 7 })),
);

let folder: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder, 'rows.jsonl'), ROWS.map((row) => `${JSON.stringify(row)}\n`).join(''));
});

function plot(...args: readonly string[]): Promise<Ended> {
  return m2v(['plot', ...args], { cwd: folder });
}

interface Drawn {
  readonly titles: readonly string[];
  readonly circles: readonly { x: number; y: number; fill: string; title: string }[];
  readonly texts: readonly string[];
}

/** Parses a picture with an XML parser. */
function parsed(svg: string): Drawn {
  const program = `
import json, sys, xml.etree.ElementTree as tree
name = "{http://www.w3.org/2000/svg}"
root = tree.fromstring(sys.stdin.buffer.read())
assert root.tag == name + "svg", root.tag
circles = [(each, each.find(name + "title")) for each in root.iter(name + "circle")]
print(json.dumps({
  "circles": [{"x": float(c.get("cx")), "y": float(c.get("cy")), "fill": c.get("fill"), "title": t.text}
              for c, t in circles if t is not None],
  "texts": [each.text for each in root.iter(name + "text")]}))`;
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], { input: svg, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** Circles of texts; the legend's circles have no text in their title. */
function pointsIn(drawn: Drawn): Drawn['circles'] {
  return drawn.circles.filter(({ title }) => ROWS.some(({ text }) => title.startsWith(text)));
}

describe('m2v plot', () => {
  it.each(['umap', 'pca'])('draws similar texts close together, coloured by a field: %s', async (method) => {
    const { code, stdout, stderr } = await plot(
      ...['rows.jsonl', '--color-by', 'topic', '--method', method, '--output', 'map.svg'],
    );
    expect([code, stdout.toString(), stderr]).toEqual([0, '', `15 texts by ${method} as svg in map.svg\n`]);
    const drawn = parsed(await readFile(join(folder, 'map.svg'), 'utf8'));
    const points = pointsIn(drawn);
    expect(points.map(({ title }) => title)).toEqual(ROWS.map(({ text, topic }) => `${text}\n${topic}`));
    expect(drawn.texts).toEqual(['rows.jsonl: 15 texts', 'animals (5)', 'food (5)', 'space (5)']);
    const fills = new Set(points.map(({ fill }) => fill));
    expect(fills.size).toBe(3);
    for (const { x, y } of points) expect(x > 0 && x < 960 && y > 0 && y < 720).toBe(true);
    const nearest = points.map((point) => {
      const others = points.filter((other) => other !== point);
      const far = (other: typeof point): number => Math.hypot(other.x - point.x, other.y - point.y);
      return others.reduce((a, b) => (far(a) <= far(b) ? a : b)).fill === point.fill;
    });
    expect(nearest.filter(Boolean).length).toBeGreaterThanOrEqual(11);
  });

  it('draws the same picture for the same seed', async () => {
    await plot('rows.jsonl', '-o', 'a.svg', '--limit', '9', '--seed', '3');
    const { stderr } = await plot('rows.jsonl', '-o', 'b.svg', '--limit', '9', '--seed', '3');
    expect(stderr).toBe('9 of 15 texts by umap as svg in b.svg\n');
    await plot('rows.jsonl', '-o', 'c.svg', '--limit', '9', '--seed', '4', '--quiet');
    const [a, b, c] = await Promise.all(
      ['a', 'b', 'c'].map((name) => readFile(join(folder, `${name}.svg`), 'utf8')),
    );
    expect(b).toBe(a);
    expect(c).not.toBe(a);
    expect(parsed(a!).circles).toHaveLength(9);
    expect(parsed(a!).texts).toEqual(['rows.jsonl: 9 of 15 texts']);
  });

  it('writes a self-contained page, with numbers as a range of colours', async () => {
    const title = '</title><script>alert(1)</script>';
    const { code } = await plot('rows.jsonl', '--color-by', 'id', '--title', title, '-o', 'map.html');
    expect(code).toBe(0);
    const page = await readFile(join(folder, 'map.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).not.toContain('<script>alert');
    expect(page).not.toMatch(/(?:src|href)=/);
    const drawn = parsed(page.slice(page.indexOf('<svg'), page.indexOf('</svg>') + 6));
    expect(pointsIn(drawn)).toHaveLength(15);
    expect(new Set(pointsIn(drawn).map(({ fill }) => fill)).size).toBeGreaterThan(10);
    expect(drawn.texts[0]).toBe(title);
    expect(drawn.texts).toHaveLength(6);
  });

  it('reads several files and standard input, colours by file, and reports what it left out', async () => {
    await writeFile(join(folder, 'more.txt'), 'a horse\n\u{1f996}\ud7ff\nthe zebra\u0007 \ufffe\n');
    await writeFile(join(folder, 'bad.csv'), 'text,x\na tiger,1\n"an eagle",2\n');
    const input = '{"text":"a goose"}\n{"nothing":1}\n';
    const args = ['plot', 'more.txt', 'bad.csv', '-', '--format', 'jsonl', '--as', 'svg', '-o', '-'];
    const failed = await m2v(args, { cwd: folder, input });
    expect(failed.code).toBe(1);
    const { code, stdout, stderr } = await m2v(
      ['plot', 'more.txt', 'bad.csv', 'rows.jsonl', '--as', 'svg', '-o', '-'],
      { cwd: folder },
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/^\d+ texts by umap as svg, without 1 text without known tokens\n$/);
    const drawn = parsed(stdout.toString());
    expect(drawn.texts[0]).toMatch(/^3 files: \d+ texts$/);
    expect(drawn.texts.slice(1)).toEqual(['rows.jsonl (15)', 'bad.csv (2)', 'more.txt (2)']);
    expect(drawn.circles.some(({ title }) => title.startsWith('the zebra'))).toBe(true);
  });

  it.each<[readonly string[], number, string]>([
    [['-o', 'x.svg'], 2, 'pass either files, or a collection'],
    [['rows.jsonl', '-c', 'c', '-o', 'x.svg'], 2, 'pass either files, or a collection'],
    [['-c', 'c', '-o', 'x.svg'], 2, '--milvus is missing'],
    [['rows.jsonl'], 2, '--output'],
    [['rows.jsonl', '-o', 'x.svg', '--color-by', 'nothing'], 2, 'has a field "nothing"'],
    [['rows.jsonl', '-o', 'x.svg', '--limit', '999999'], 2, 'Give at most'],
    [['rows.jsonl', '-o', 'x.svg', '--seed', '-1'], 2, 'whole number'],
    [['rows.jsonl', '-o', 'x.svg', '--method', 'tsne'], 2, 'tsne'],
    [['rows.jsonl', '-o', 'x.svg', '--limit', '2'], 1, 'at least 3 texts'],
    [['rows.jsonl', '-o', 'x.svg', '--text-field', 'body'], 1, 'no text could be read: rows.jsonl, line 1'],
    [['rows.jsonl', '-o', 'rows.jsonl'], 2, 'would overwrite'],
    [['none.txt', '-o', 'x.svg'], 1, 'none.txt'],
    [['rows.jsonl', '-o', '.'], 1, 'is a folder'],
  ])('m2v plot %j exits with code %d and one line, and writes nothing', async (args, exitCode, message) => {
    const env = { MILVUS_URI: undefined };
    const { code, stderr } = await m2v(['plot', ...args], { cwd: folder, env });
    expect([code, stderr.split('\n').length]).toEqual([exitCode, 2]);
    expect(stderr).toContain(message);
    expect(existsSync(join(folder, 'x.svg'))).toBe(false);
    expect(await readdir(folder)).toEqual(['rows.jsonl']);
  });

  it('draws texts that are all equal', async () => {
    await writeFile(join(folder, 'same.txt'), 'a cat\n'.repeat(7));
    for (const method of ['umap', 'pca']) {
      const { code, stdout } = await plot('same.txt', '--method', method, '-o', '-', '--quiet');
      expect(code).toBe(0);
      expect(parsed(stdout.toString()).circles).toHaveLength(7);
    }
  });
});
