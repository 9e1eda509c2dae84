import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { minilmL6x64 } from './minilm-l6-64.js';

/** SHA-256 of the files as they were made; a change of one byte changes every vector. */
const CHECKSUMS = {
  'config.json': '9568adf7015f6744800021239cec269a78ef96060c56d2df2813d2c786d41336',
  'model.safetensors': '0bee41c981a7ac74ae0338d662a850fb7b0478c84863e54f2cb342f6a9f4bbf1',
  'tokenizer.json': 'b569cd1af78070efe011d092919b27c23dedd9077412fe527f448861775f15c1',
};

describe('minilmL6x64', () => {
  it.each(Object.entries(CHECKSUMS))('contains %s unchanged, byte for byte', async (name, checksum) => {
    const bytes = await readFile(minilmL6x64[name as keyof typeof minilmL6x64]);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(checksum);
  });

  it('names no file without a checksum here', () => {
    expect(Object.keys(minilmL6x64).sort()).toEqual(Object.keys(CHECKSUMS).sort());
  });

  it('takes at most 1.8 MB gzipped', async () => {
    const files = await Promise.all(Object.values(minilmL6x64).map((url) => readFile(url)));
    expect(files.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0)).toBeLessThan(1_800_000);
  });

  it('contains a table of 29,525 × 64 int8 values', async () => {
    const bytes = await readFile(minilmL6x64['model.safetensors']);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE(0))));
    expect(header.embeddings).toMatchObject({ dtype: 'I8', shape: [29_525, 64] });
  });
});
