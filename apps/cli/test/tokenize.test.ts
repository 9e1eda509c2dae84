import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { m2v, temporaryFolder } from './run-m2v.js';

const TEXTS: readonly string[] = JSON.parse(
  readFileSync(new URL('../fixtures/texts.json', import.meta.url), 'utf8'),
).slice(0, -1);
const IDS = readFileSync(new URL('../fixtures/ids.jsonl', import.meta.url), 'utf8');
const TOKENIZER = fileURLToPath(import.meta.resolve('@model2vec-ts/model-minilm-l6')).replace(
  /(dist|src)[\\/]index\.[jt]s$/,
  'model/tokenizer.json',
);

let folder: string;
let input: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  input = join(folder, 'texts.jsonl');
  await writeFile(input, TEXTS.map((text) => `${JSON.stringify(text)}\n`).join(''));
});

describe('m2v tokenize', () => {
  it("prints Python's ids, one line per text, with the bundled model and with a file", async () => {
    for (const flags of [[], ['--tokenizer', TOKENIZER]]) {
      const { code, stdout, stderr } = await m2v(['tokenize', '--input', input, ...flags]);
      expect([code, stderr, stdout.toString()]).toEqual([0, '', IDS]);
    }
  });

  it('writes them to a file', async () => {
    const output = join(folder, 'ids.jsonl');
    const { code, stdout } = await m2v(['tokenize', '-i', input, '-o', output]);
    expect([code, stdout.length, await readFile(output, 'utf8')]).toEqual([0, 0, IDS]);
  });

  it('prints tokens including unknown ones, and truncates only on request', async () => {
    const tokens = async (...args: string[]): Promise<unknown> =>
      JSON.parse((await m2v(['tokenize', '--tokens', ...args])).stdout.toString());
    expect(await tokens('a 😀', '--max-length', 'none')).toEqual(['a', '[UNK]']);
    expect(await tokens('a b c d', '--max-length', '2')).toEqual(['a', 'b']);
    expect(await tokens('word '.repeat(700))).toHaveLength(700);
  });

  it('prints nothing for an empty input', async () => {
    expect((await m2v(['tokenize'])).stdout.toString()).toBe('');
    expect((await m2v(['tokenize', ''])).stdout.toString()).toBe('[]\n');
  });
});
