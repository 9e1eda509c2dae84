import { describe, expect, it } from 'vitest';
import { fileWithHeader } from '../../test/safetensors-file.js';
import recorded from '../fixtures/safetensors-cases.json' with { type: 'json' };
import { MalformedModelError, ModelError, UnsupportedModelError } from '../model-error.js';
import { parseSafetensors } from './safetensors.js';

/** What Python's safetensors accepts and this parser does not, each with a reason in its documentation. */
const STRICTER: ReadonlySet<string> = new Set([
  'white space before the header',
  'a tensor name twice',
  'a tensor as an array',
  'a shape with a zero before what would overflow',
  '100 dimensions',
]);

function fileOf(header: string, dataBytes: number): Uint8Array {
  return fileWithHeader(header, new Uint8Array(dataBytes));
}

function problemOf(bytes: Uint8Array): string {
  try {
    parseSafetensors(bytes, 'model.safetensors');
  } catch (error) {
    if (error instanceof MalformedModelError) return error.problem;
    throw error;
  }
  return 'none';
}

describe('parseSafetensors', () => {
  it.each(recorded)("agrees with Python's safetensors about $name", ({ name, bytes, tensors }) => {
    const file = new Uint8Array(Buffer.from(bytes, 'base64'));
    const accepted = tensors === null || STRICTER.has(name) ? null : tensors;
    let found: string[] | null = null;
    try {
      found = [...parseSafetensors(file, 'model.safetensors').tensors.keys()].sort();
    } catch (error) {
      expect(ModelError.isInstance(error), String(error)).toBe(true);
    }
    expect(found).toEqual(accepted);
  });

  it('is stricter only where Python accepts', () => {
    for (const name of STRICTER) {
      expect(recorded.find((record) => record.name === name)?.tensors, name).toEqual(['a']);
    }
  });

  it('returns the positions of tensors in the file, and the metadata', () => {
    const bytes = fileOf(
      '{"__metadata__":{"format":"pt"},"b":{"dtype":"I8","shape":[2,2],"data_offsets":[3,7]},"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}',
      7,
    );
    const { tensors, metadata } = parseSafetensors(bytes, 'model.safetensors');
    expect([...metadata]).toEqual([['format', 'pt']]);
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    expect(tensors.get('b')).toMatchObject({ dtype: 'I8', shape: [2, 2], size: 4 });
    expect(tensors.get('b')).toMatchObject({ start: bytes.length - 4, end: bytes.length });
  });

  it('reads a file that is a view of a larger buffer', () => {
    const file = fileOf('{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}}', 3);
    const around = new Uint8Array(file.length + 20).fill(255);
    around.set(file, 11);
    const { tensors } = parseSafetensors(around.subarray(11, 11 + file.length), 'model.safetensors');
    expect(tensors.get('a')).toMatchObject({ start: file.length - 3, end: file.length });
  });

  it('names an unknown dtype and its tensor', () => {
    const bytes = fileOf('{"a":{"dtype":"F128","shape":[1],"data_offsets":[0,16]}}', 16);
    expect(() => parseSafetensors(bytes, 'model.safetensors')).toThrowError(UnsupportedModelError);
    expect(() => parseSafetensors(bytes, 'model.safetensors')).toThrowError(/tensor "a".*"F128".*known are/);
  });

  it('distinguishes a Git LFS pointer and a web page from a broken file', () => {
    const text = (content: string): Uint8Array => new TextEncoder().encode(content);
    expect(problemOf(text('version https://git-lfs.github.com/spec/v1\noid'))).toMatch(/Git LFS pointer/);
    expect(problemOf(text('<!doctype html><title>Sign in</title>'))).toMatch(/HTML page/);
    expect(problemOf(text('\n <html lang="en">'))).toMatch(/HTML page/);
  });

  it('does not mistake a header length whose bytes look like a tag for a web page', () => {
    const length = 0x213c; // "<!"
    const tensor = '{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}';
    expect(problemOf(fileOf(tensor.padEnd(length), 0))).toBe('none');
  });

  it('reports the limit and the value found', () => {
    const cut = fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 5);
    expect(problemOf(cut)).toMatch(/"a" ends at byte 8 .* only 5 bytes/);
    const twice = fileOf('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}', 12);
    expect(problemOf(twice)).toBe('tensor "a" has 12 bytes, but F32 of shape [2] needs 8');
    expect(problemOf(fileOf('{"a":{}, "a":{}}', 0))).toMatch(/key "a" for the second time at character 12/);
  });

  it('quotes only the start of a long name', () => {
    const bytes = fileOf(`{"${'x'.repeat(5000)}":1}`, 0);
    expect(problemOf(bytes).length).toBeLessThan(200);
  });
});
