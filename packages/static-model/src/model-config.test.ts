import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTokenizerJson, parseModelConfig } from './model-config.js';
import { MalformedModelError, ModelError } from './model-error.js';
import type { ModelConfig } from './static-model.js';

const parse = (text: string): Promise<ModelConfig> =>
  parseModelConfig(new TextEncoder().encode(text), 'config.json');

describe('parseModelConfig', () => {
  it('keeps known and unknown keys', async () => {
    expect(await parse('{"normalize":true,"max_length":7,"hidden_dim":2}')).toEqual({
      normalize: true,
      max_length: 7,
      hidden_dim: 2,
    });
    expect(await parse('{}')).toEqual({});
  });

  it('reads null as "no limit" in max_length and as "not set" in normalize, like the reference', async () => {
    expect(await parse('{"normalize":null,"max_length":null}')).toEqual({ max_length: null });
  });

  it("reads Python's NaN and Infinity, but not inside strings", async () => {
    expect(await parse('{"sif":NaN,"a":[Infinity,-Infinity],"b":"NaN \\" Infinity"}')).toEqual({
      sif: Number.NaN,
      a: [Infinity, -Infinity],
      b: 'NaN " Infinity',
    });
    for (const text of ['{"a":nan}', '{"a":xNaN}', '{"a":+Infinity}', '{NaN:1}']) {
      await expect(parse(text)).rejects.toThrowError('is not valid JSON');
    }
  });

  it.each([
    ['1000000000000000000', Number.MAX_SAFE_INTEGER],
    ['1000000000000000019884624838656', Number.MAX_SAFE_INTEGER],
    [`1${'0'.repeat(400)}`, Number.MAX_SAFE_INTEGER],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['0', 0],
  ])('accepts a max_length of %s', async (text, maxLength) => {
    expect((await parse(`{"max_length":${text}}`)).max_length).toBe(maxLength);
  });

  it('is read-only', async () => {
    expect(Object.isFrozen(await parse('{"normalize":true}'))).toBe(true);
  });

  it.each([
    ['{"normalize":"yes"}', '"normalize" must be true or false, found "yes"'],
    ['{"normalize":1}', 'found 1'],
    ['{"max_length":"512"}', '"max_length" must be a whole number of tokens, or null'],
    ['{"max_length":1.5}', 'found 1.5'],
    ['{"max_length":-1}', 'found -1'],
    ['[]', 'must be a JSON object'],
    ['null', 'must be a JSON object'],
    ['{', 'is not valid JSON'],
    ['\ufeff{}', 'is not valid JSON'],
    ['<!doctype html>', 'is an HTML page, not JSON'],
    ['version https://git-lfs.github.com/spec/v1', 'is a Git LFS pointer'],
  ])('refuses %s', async (text, problem) => {
    await expect(parse(text)).rejects.toThrowError(MalformedModelError);
    await expect(parse(text)).rejects.toThrowError(
      `config.json: ${problem.startsWith('found') ? '' : problem}`,
    );
    await expect(parse(text)).rejects.toThrowError(problem);
  });

  it('refuses invalid UTF-8', async () => {
    await expect(parseModelConfig(Uint8Array.of(0x7b, 0xff, 0x7d), 'config.json')).rejects.toThrowError(
      /not valid UTF-8/,
    );
  });

  it('ends with a config or a typed error for any JSON and any text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async (text) => {
        try {
          expect(await parse(text)).toBeTypeOf('object');
        } catch (error) {
          expect(ModelError.isInstance(error)).toBe(true);
        }
      }),
      { numRuns: 1000, seed: 5 },
    );
  });
});

describe('checkTokenizerJson', () => {
  it('accepts JSON unparsed and refuses a web page', () => {
    checkTokenizerJson(new TextEncoder().encode('{"model":'), 'tokenizer.json');
    expect(() => checkTokenizerJson(new TextEncoder().encode(' <html>'), 'tokenizer.json')).toThrowError(
      'tokenizer.json: is an HTML page',
    );
  });
});
