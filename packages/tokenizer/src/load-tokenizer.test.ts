import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { MalformedTokenizerError, TokenizerError, UnsupportedTokenizerError } from './tokenizer-error.js';

/** A line written by `scripts/pipeline-fixtures.py`: a change of the small tokenizer, or the text of a whole file. */
type LoadingCase = { readonly accepted: boolean } & (
  | { readonly drop: string }
  | { readonly put: Readonly<Record<string, unknown>> }
  | { readonly text: string }
);

const [firstLine = '', ...lines] = readFileSync(
  new URL('./fixtures/loading-cases.jsonl', import.meta.url),
  'utf8',
)
  .trimEnd()
  .split('\n');
const small = JSON.parse(firstLine) as Record<string, unknown>;
const cases = lines.map((line) => JSON.parse(line) as LoadingCase);

function textOf(each: LoadingCase): string {
  if ('text' in each) return each.text;
  if ('put' in each) return JSON.stringify({ ...small, ...each.put });
  return JSON.stringify({ ...small, [each.drop]: undefined });
}

function nameOf(each: LoadingCase): string {
  if ('text' in each) return `the text ${JSON.stringify(each.text).slice(0, 150)}`;
  return 'put' in each ? `with ${JSON.stringify(each.put)}` : `without ${each.drop}`;
}

function errorOf(json: string | Uint8Array | object): unknown {
  try {
    loadTokenizer(json);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Cases that the reference accepts and this package refuses, by name. All others must agree. */
const REFUSED_BY_NAME: readonly RegExp[] = [/"single":\[\]/];

describe('loading agrees with the reference', () => {
  it.each(cases.map((each) => [nameOf(each), each] as const))('on %s', (name, each) => {
    const error = errorOf(textOf(each));
    if (error !== undefined) expect(error).toBeInstanceOf(TokenizerError);
    const accepts = each.accepted && !REFUSED_BY_NAME.some((pattern) => pattern.test(name));
    expect(error === undefined, String(error)).toBe(accepts);
  });
});

describe('errors name the position', () => {
  it.each([
    [
      { version: '2.0' },
      UnsupportedTokenizerError,
      '$.version (2.0) is not supported: only version 1.0 is supported',
    ],
    [
      { other: 1 },
      MalformedTokenizerError,
      '$.other is not a part of a tokenizer; known parts are version, truncation',
    ],
    [
      { added_tokens: [{ id: 1 }] },
      MalformedTokenizerError,
      '$.added_tokens[0].special must be true or false, found nothing',
    ],
    [
      { pre_tokenizer: { type: 'Sequence', pretokenizers: [{ type: 'Whitespace' }, { type: 'Foo' }] } },
      UnsupportedTokenizerError,
      '$.pre_tokenizer.pretokenizers[1] (Foo) is not supported',
    ],
    [
      { pre_tokenizer: { type: 'FixedLength', length: 0 } },
      MalformedTokenizerError,
      '$.pre_tokenizer.length is 0, with which the reference fails on every text; it must be at least 1',
    ],
    [
      { pre_tokenizer: { type: 'Punctuation', behavior: 'isolated' } },
      MalformedTokenizerError,
      '$.pre_tokenizer.behavior must be one of Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous, found "isolated"',
    ],
    [
      { post_processor: { type: 'TemplateProcessing', single: [], pair: [], special_tokens: {} } },
      UnsupportedTokenizerError,
      '$.post_processor (TemplateProcessing) is not supported: its "single" template must contain the text exactly once',
    ],
    [
      { normalizer: ['a'] },
      UnsupportedTokenizerError,
      '$.normalizer (array) is not supported: the reference guesses',
    ],
    [
      { pre_tokenizer: ['Whitespace'] },
      UnsupportedTokenizerError,
      '$.pre_tokenizer (array) is not supported',
    ],
    [{ decoder: { type: 'Foo' } }, UnsupportedTokenizerError, '$.decoder (Foo) is not supported'],
    [{ model: { type: 'Foo' } }, UnsupportedTokenizerError, '$.model (Foo) is not supported'],
  ])('of %j', (put, type, message) => {
    const error = errorOf({ ...small, ...put });
    expect(error).toBeInstanceOf(type);
    expect(String(error)).toContain(message);
  });
});

it('reads text, bytes and an object alike', () => {
  const text = JSON.stringify(small);
  for (const json of [text, new TextEncoder().encode(text), small]) {
    expect([...loadTokenizer(json).encode('a')]).toEqual([0]);
  }
});

it('does not change the object that it reads', () => {
  const frozen = JSON.parse(firstLine, (_, value) => Object.freeze(value)) as object;
  expect([...loadTokenizer(frozen).encode('b')]).toEqual([1]);
});

it('refuses a value that is not a file', () => {
  for (const json of [null, undefined, 5, []] as unknown[]) {
    expect(errorOf(json as object)).toBeInstanceOf(MalformedTokenizerError);
  }
});
