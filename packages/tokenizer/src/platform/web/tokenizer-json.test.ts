import { describe, expect, it } from 'vitest';
import { checkDepth } from '../../json/json-depth.js';
import { parseTokenizerJson as parseInNode } from '../../json/tokenizer-json.js';
import { Vocabulary } from '../../models/vocabulary.js';
import { parseTokenizerJson } from './tokenizer-json.js';

interface Parsed {
  readonly version?: string;
  readonly model?: { readonly type?: string; readonly vocab?: unknown };
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): Parsed => parseTokenizerJson(bytesOf(text), checkDepth) as Parsed;
const withVocabulary = (vocab: string): string =>
  `{"version":"1.0","model":{"type":"WordPiece","vocab":${vocab}}}`;

describe('a vocabulary', () => {
  it.each([
    '{"a":0,"##b":1,"中":5,"😀":999999999,"\\u00e9\\n":2}',
    '{"a":0,"a":1}',
    '{"__proto__":1,"constructor":2,"":3}',
    '{"7":0,"b":1,"3":1}',
  ])('equals what Node reads from the bytes: %s', (vocab) => {
    const { version, model } = parse(withVocabulary(vocab));
    const expected = (parseInNode(bytesOf(withVocabulary(vocab))) as Parsed).model!.vocab as Vocabulary;
    const got = model!.vocab as Vocabulary;
    expect([version, model!.type]).toEqual(['1.0', 'WordPiece']);
    expect(got).toBeInstanceOf(Vocabulary);
    expect([...got.entries()].sort()).toEqual([...expected.entries()].sort());
    expect([got.size, got.idLimit, Array.from(got.packed.lengthCounts)]).toEqual([
      expected.size,
      expected.idLimit,
      Array.from(expected.packed.lengthCounts),
    ]);
    for (const [token, id] of expected.entries()) expect(got.idOf(token)).toBe(id);
  });

  it.each([
    '{"a":-1}',
    '{"a":0.5}',
    '{"a":4294967296}',
    '{"a":"0"}',
    '{"\\ud800":0}',
    '[["a",-1.5]]',
    'null',
  ])('without tokens and ids is left to later checks: %s', (vocab) => {
    expect(parse(withVocabulary(vocab)).model!.vocab).toEqual(JSON.parse(vocab));
  });
});

it.each(['', '{', '{"model":{"vocab":{"a":0}}', '\ufeff{}'])(
  'is undefined if the text is not JSON: %j',
  (text) => {
    expect(parse(text)).toBeUndefined();
  },
);

it('is undefined if the bytes are not text', () => {
  expect(parseTokenizerJson(Uint8Array.of(0x22, 0xff, 0x22), checkDepth)).toBeUndefined();
});

it.each(['null', '[]', '1', '{"model":null}', '{"model":[]}'])(
  'is the parsed value of any other text: %s',
  (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  },
);
