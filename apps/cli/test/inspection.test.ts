import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { m2v } from './run-m2v.js';

async function printed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await m2v(args);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.toString();
}

describe('m2v info', () => {
  it('describes the bundled model', async () => {
    const facts = JSON.parse(await printed('info', '--json'));
    expect(facts).toEqual({
      source: 'minilm-l6-256-int8 (bundled)',
      layout: 'model2vec',
      rows: 29_525,
      dim: 256,
      dtype: 'int8',
      mapped: false,
      weighted: false,
      vocabulary: 29_525,
      tokenizer: 'WordPiece',
      normalize: true,
      maxLength: 512,
      medianTokenLength: 6,
      kernel: 'wasm',
      fingerprint: expect.stringMatching(/^[0-9a-f]{64}/),
    });
  });

  it('describes the effect of the flags', async () => {
    const facts = JSON.parse(
      await printed('info', '--json', '--dimensionality', '64', '--max-length', 'none', '--no-normalize'),
    );
    expect(facts).toMatchObject({ dim: 64, maxLength: null, normalize: false });
  });

  it('prints the same facts for people', async () => {
    const text = await printed('info');
    expect(text).toMatch(/^table +29,525 × 256 int8$/m);
    expect(text).toMatch(/^tokenizer +WordPiece, 29,525 tokens$/m);
  });
});

describe('m2v info --kernels', () => {
  it('lists the kernels that run here and the chosen one', async () => {
    const kernels = JSON.parse(await printed('info', '--kernels', '--json'));
    expect(kernels.map(({ name }: { readonly name: string }) => name)).toEqual([
      'wasm',
      'js',
      'paged',
      'onnx-node',
    ]);
    expect(kernels[0]).toEqual({
      name: 'wasm',
      chosen: true,
      dtypes: ['float64', 'float32', 'float16', 'bfloat16', 'int8'],
      synchronous: true,
      maxBatchTokens: null,
      maxTableBytes: expect.any(Number),
    });
    expect(kernels[2]).toMatchObject({ chosen: false, synchronous: true, maxBatchTokens: null });
    expect(kernels[3]).toMatchObject({ chosen: false, synchronous: false, maxBatchTokens: 2 ** 18 });
  });

  it('prints the same facts for people', async () => {
    expect(await printed('info', '--kernels')).toMatch(/^wasm +runs here; auto selects it$/m);
  });
});

describe('m2v export-onnx', () => {
  it('writes a model that ONNX Runtime loads', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'm2v-export-'));
    try {
      const output = join(folder, 'new', 'onnx');
      const { code, stderr } = await m2v(['export-onnx', '--output', output]);
      const files = await readdir(output);
      const sizes = await Promise.all(files.map(async (name) => (await stat(join(output, name))).size));
      const bytes = sizes.reduce((sum, size) => sum + size, 0).toLocaleString('en-US');
      expect([code, stderr]).toEqual([0, `5 files, ${bytes} bytes, in ${output}\n`]);
      expect(files.sort()).toEqual([
        'config.json',
        'model.onnx',
        'special_tokens_map.json',
        'tokenizer.json',
        'tokenizer_config.json',
      ]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reports where it cannot write', async () => {
    const { code, stderr } = await m2v(['export-onnx', '--output', '/dev/null/onnx']);
    expect([code, stderr]).toEqual([
      1,
      'm2v: cannot write /dev/null/onnx: a part of the path is a file, not a folder; check the path\n',
    ]);
  });
});

describe('m2v similarity', () => {
  it('compares each text with every other', async () => {
    const { texts, similarity } = JSON.parse(
      await printed('similarity', '--json', '--no-normalize', 'a cat', 'a kitten', 'a lorry', ''),
    );
    expect(texts).toEqual(['a cat', 'a kitten', 'a lorry', '']);
    for (let i = 0; i < 3; i++) {
      expect(similarity[i][i]).toBeCloseTo(1, 9);
      expect(similarity[i][3]).toBe(0);
      expect(similarity[i][0]).toBe(similarity[0][i]);
    }
    expect(similarity[0][1]).toBeGreaterThan(similarity[0][2]);
  });

  it('draws a table that no text can break', async () => {
    const table = await printed('similarity', 'two\nlines', '\u001b[31mred', 'x'.repeat(500));
    expect(table).not.toContain('\u001b');
    expect(table.split('\n')).toHaveLength(9);
    expect(table).toContain('  [1] two lines\n');
    expect(table).toMatch(/^ {2}\[2\] +-?\d\.\d{3} +1\.000 +-?\d\.\d{3}$/m);
  });

  it('accepts 2 to 100 texts', async () => {
    const many = (count: number): string => 'text\n'.repeat(count);
    expect((await m2v(['similarity'], { input: many(100) })).code).toBe(0);
    for (const count of [0, 1, 101, 5000]) {
      const { code, stdout } = await m2v(['similarity'], { input: many(count) });
      expect([count, code, stdout.length]).toEqual([count, 2, 0]);
    }
  });
});

describe('m2v demo', () => {
  it("prints Python's values, similarities and ranking", async () => {
    const text = await printed('demo');
    expect(text).toContain('Each is 256 float32 values');
    expect(text).toContain('D1  0.07980  0.21839  0.13859 -0.02100  …');
    expect(text).toContain('Q1    0.730    0.454    0.127\n  Q2    0.210    0.688    0.542\n');
    const answers = text.slice(text.indexOf('Answers')).matchAll(/^ +\d\. (\S+) {2}(\S+)/gm);
    expect(Array.from(answers, ([, cosine, word]) => `${cosine} ${word}`)).toEqual([
      '0.730 Artificial',
      '0.454 Alan',
      '0.127 Born',
      '0.688 Alan',
      '0.542 Born',
      '0.210 Artificial',
    ]);
    expect(text).not.toContain('\u001b');
  });
});

describe('m2v', () => {
  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
    expect(await printed('--version')).toBe(`${version}\n`);
  });

  it.each(['embed', 'tokenize', 'similarity', 'info', 'demo'])(
    'explains %s with examples',
    async (command) => {
      const help = await printed(command, '--help');
      expect(help).toMatch(new RegExp(`^Usage: m2v ${command} \\[options\\]`));
      expect(help).toMatch(new RegExp(`^ {2}\\$ .*m2v ${command}`, 'm'));
      expect(await printed('--help')).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    },
  );
});
