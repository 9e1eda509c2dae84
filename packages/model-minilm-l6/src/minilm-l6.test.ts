import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { minilmL6 } from './minilm-l6.js';

/** SHA-256 of the files as they were made; a change of one byte changes every vector. */
const CHECKSUMS = {
  'config.json': 'e3d545dbd962ef00808ccbeb1217fed9ebdb31149d0a5e207d5ec3e161366481',
  'model.safetensors': 'b583f39535111038c3cf12f99d0c21e932b4461ccc1b1d47743eb8b54d3c09ca',
  'tokenizer.json': 'b569cd1af78070efe011d092919b27c23dedd9077412fe527f448861775f15c1',
};

const folder = new URL('../model/', import.meta.url);

describe('minilmL6', () => {
  it.each(Object.entries(CHECKSUMS))('contains %s unchanged, byte for byte', async (name, checksum) => {
    const bytes = await readFile(minilmL6[name as keyof typeof minilmL6]);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(checksum);
  });

  it('names no file without a checksum here', () => {
    expect(Object.keys(minilmL6).sort()).toEqual(Object.keys(CHECKSUMS).sort());
  });

  it('includes its card and licence', async () => {
    expect((await readdir(folder)).sort()).toEqual([
      'LICENSE',
      'NOTICE',
      'README.md',
      'config.json',
      'model.safetensors',
      'modules.json',
      'tokenizer.json',
    ]);
    expect(await readFile(new URL('README.md', folder), 'utf8')).toMatch(/^license: apache-2\.0$/m);
    expect(await readFile(new URL('LICENSE', folder), 'utf8')).toContain('Version 2.0, January 2004');
  });

  it('contains a table of 29,525 × 256 int8 values that ends where its header says', async () => {
    const bytes = await readFile(minilmL6['model.safetensors']);
    const headerLength = Number(bytes.readBigUInt64LE(0));
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength));
    expect(header).toEqual({
      embeddings: { dtype: 'I8', shape: [29_525, 256], data_offsets: [0, 29_525 * 256] },
    });
    expect(bytes.length).toBe(8 + headerLength + 29_525 * 256);
  });

  it('contains a tokenizer with one token per row of the table', async () => {
    const tokenizer = JSON.parse(await readFile(minilmL6['tokenizer.json'], 'utf8'));
    expect(tokenizer.model.type).toBe('WordPiece');
    expect(Object.keys(tokenizer.model.vocab)).toHaveLength(29_525);
  });
});
