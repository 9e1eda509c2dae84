import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadStaticModel } from '@model2vec-ts/static-model';
import { beforeEach, describe, expect, it } from 'vitest';
import { ended, floats, m2v, startM2v, temporaryFolder } from './run-m2v.js';

const SMALL = fileURLToPath(
  new URL('../../../packages/embedding-function/src/fixtures/word-piece-float32', import.meta.url),
);
const BUNDLED = fileURLToPath(new URL('../../../packages/model-minilm-l6/model', import.meta.url));

let folder: string;
let out: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  out = join(folder, 'small');
});

describe('m2v quantize', () => {
  it('writes a smaller model and reports its size and similarity', async () => {
    const flags = ['--dtype', 'int8', '--dimensionality', '3', '--vocabulary-size', '12', '--out', out];
    const { code, stderr, stdout } = await m2v(['quantize', SMALL, ...flags]);
    expect(code).toBe(0);
    expect(stdout.toString()).toBe('');
    expect(stderr).toMatch(
      /^\d+ KB -> \d+ KB in .*small: 12 × 3 int8, mean cosine 0\.\d{4} of 2,000 made-up texts\n$/,
    );
    const { table } = await loadStaticModel(out);
    expect(table).toMatchObject({ rows: 12, dim: 3, dtype: 'int8' });
    const again = join(folder, 'again');
    await m2v(['quantize', SMALL, ...flags.slice(0, -1), again, '--seed', '42', '--quiet']);
    const file = 'model.safetensors';
    expect(await readFile(join(again, file))).toEqual(await readFile(join(out, file)));
  });

  it('compares the embeddings of given texts', async () => {
    const sample = join(folder, 'texts.txt');
    await writeFile(sample, 'the turing was\nlondon hello\n');
    const { stderr } = await m2v(['quantize', SMALL, '--dtype', 'float16', '--sample', sample, '-o', out]);
    expect(stderr).toMatch(/mean cosine 1\.0000 of 2 texts\n$/);
  });

  it('is a wrong call without a change, with an invalid number, or for an already shared vocabulary', async () => {
    for (const [flags, message] of [
      [[], 'pass at least one of'],
      [['--dimensionality', '0'], 'whole number'],
      [['--dimensionality', '9999'], 'dimensionality must be'],
      [['--vocabulary-size', '9999999'], 'vocabularySize must be'],
      [['--dtype', 'int4'], 'int4'],
      [['--seed', '-1', '--dtype', 'int8'], 'seed'],
    ] as const) {
      const { code, stderr } = await m2v(['quantize', SMALL, ...flags, '--out', out]);
      expect([code, stderr.split('\n').length, existsSync(out)]).toEqual([2, 2, false]);
      expect(stderr).toContain(message);
    }
    expect(await m2v(['quantize', SMALL, '--dtype', 'int8'])).toMatchObject({ code: 2 });
    expect(await m2v(['quantize', join(folder, 'none'), '--dtype', 'int8', '--out', out])).toMatchObject({
      code: 1,
    });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s leaves nothing', async (signal, code) => {
    await mkdir(join(folder, 'work'));
    const target = join(folder, 'work', 'a', 'b');
    const child = startM2v(['quantize', BUNDLED, '--vocabulary-size', '3000', '--out', target]);
    const end = ended(child);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    child.kill(signal);
    expect(await end).toMatchObject({ code, stderr: '' });
    expect(await readdir(join(folder, 'work'))).toEqual([]);
  });

  it('reports in one line where it cannot write', async () => {
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    const { code, stderr } = await m2v(['quantize', SMALL, '--dtype', 'int8', '--out', join(file, 'b')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^m2v: cannot write .*: .*\n$/);
  });
});

describe('m2v prune', () => {
  const embed = async (model: string, texts: readonly string[]): Promise<Float32Array> => {
    const { stdout } = await m2v(['embed', '--model', model, '--format', 'f32', ...texts]);
    return floats(stdout);
  };

  it('drops tokens without changing a text of the corpus', async () => {
    const corpus = join(folder, 'a.txt');
    const more = join(folder, 'b.jsonl');
    await writeFile(corpus, 'Artificial intelligence was founded in 1956\na kitten\n');
    await writeFile(more, '{"body":"Alan Turing, unbelievably"}\n');
    const { code, stderr } = await m2v([
      'prune',
      BUNDLED,
      '--corpus',
      corpus,
      more,
      '--field',
      'body',
      '--out',
      out,
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^8\.\d MB -> \d+ KB in .*small: \d+ of 29,5\d\d tokens/);
    const texts = [
      'Artificial intelligence was founded in 1956',
      'a kitten',
      'Alan Turing, unbelievably',
      'founded a kitten',
    ];
    expect(await embed(out, texts)).toEqual(await embed(BUNDLED, texts));
  });

  it('keeps the tokens of a list', async () => {
    const tokens = join(folder, 'tokens.txt');
    await writeFile(tokens, 'the\nhello\n');
    expect(await m2v(['prune', SMALL, '--tokens', tokens, '--out', out, '--quiet'])).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await embed(out, ['the hello'])).toEqual(await embed(SMALL, ['the hello']));
    await writeFile(tokens, 'no such token\n');
    const { code, stderr } = await m2v(['prune', SMALL, '--tokens', tokens, '--out', join(folder, 'other')]);
    expect([code, existsSync(join(folder, 'other'))]).toEqual([2, false]);
    expect(stderr).toContain('no such token');
  });

  it('is a wrong call without texts and tokens, or with a corpus that cannot be read twice', async () => {
    expect(await m2v(['prune', SMALL, '--out', out])).toMatchObject({ code: 2 });
    expect(await m2v(['prune', SMALL, '--corpus', '-', '--out', out])).toMatchObject({ code: 2 });
    expect(await m2v(['prune', SMALL, '--corpus', join(folder, 'none'), '--out', out])).toMatchObject({
      code: 1,
    });
  });
});
