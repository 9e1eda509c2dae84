import { describe, expect, it } from 'vitest';
import { FailureError } from '../terminal/cli-error.js';
import { readJsonLines } from './jsonl-reader.js';

async function textsOf(lines: readonly string[], field?: string): Promise<string[]> {
  async function* blocks(): AsyncGenerator<readonly string[]> {
    // Line numbers must run on from block to block.
    yield lines.slice(0, 2);
    yield lines.slice(2);
  }
  const texts: string[] = [];
  for await (const some of readJsonLines(blocks(), 'in.jsonl', field)) texts.push(...some);
  return texts;
}

describe('readJsonLines', () => {
  it("takes strings and objects' texts, mixed, and passes over blank lines", async () => {
    expect(await textsOf(['"a"', '', '{"id":1,"text":"b"}', '   ', '{"text":""}'])).toEqual(['a', 'b', '']);
  });

  it('takes the field that it is told', async () => {
    expect(await textsOf(['{"body":"a","text":"b"}'], 'body')).toEqual(['a']);
  });

  it('keeps escapes, lone surrogates and separators as they are', async () => {
    expect(await textsOf([String.raw`"\ud800 \u2028 \u0000 \n"`])).toEqual(['\ud800 \u2028 \u0000 \n']);
  });

  it.each([
    ['{"text":', /^in\.jsonl:3: not JSON: found \{"text":;/],
    ['plain words', /^in\.jsonl:3: not JSON: found plain words;/],
    ['5', /^in\.jsonl:3: expected a string or an object, found a number 5$/],
    ['null', /found null null$/],
    ['["a"]', /found an array \["a"\]$/],
    ['{"body":"a"}', /no field "text", found the fields body; name the text's field with --field$/],
    ['{}', /no field "text", found no field at all/],
    ['{"text":5}', /field "text" must be a string, found a number 5$/],
    ['{"text":null}', /field "text" must be a string, found null null$/],
    ['{"__proto__":"x"}', /no field "text"/],
  ])('refuses %s by file, line and what was found', async (line, message) => {
    const failure = textsOf(['"a"', '"b"', line]);
    await expect(failure).rejects.toThrow(message);
    await expect(failure).rejects.toBeInstanceOf(FailureError);
  });

  it('wants objects where a field is named', async () => {
    await expect(textsOf(['"a"'], 'body')).rejects.toThrow(
      'in.jsonl:1: expected an object, found a string "a"',
    );
    await expect(textsOf(['{"a":"b"}'], 'toString')).rejects.toThrow('no field "toString"');
  });

  it('shows the start of a long line only, without control characters', async () => {
    await expect(textsOf([`\u001b[31m${'x'.repeat(1000)}`])).rejects.toThrow(
      `found \ufffd[31m${'x'.repeat(35)}…;`,
    );
  });
});
