import { expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.js';
import { TokenBuffer } from '../token-buffer.js';
import { TokenizerError } from '../tokenizer-error.js';
import { type Grow, GrowingTokenizer } from './growing-tokenizer.js';

const JSON_OBJECT = {
  pre_tokenizer: { type: 'BertPreTokenizer' },
  model: {
    type: 'WordPiece',
    vocab: { '?': 0, a: 1, b: 2, '##b': 3 },
    unk_token: '?',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
  },
};
const readable = loadTokenizer(JSON_OBJECT, { path: 'readable' });
const fast = loadTokenizer(JSON_OBJECT);
const UNITS = 1000;
const LONG = 'ab c '.repeat(UNITS / 5);

function growing(grow: Grow = (use) => use(fast)) {
  let calls = 0;
  const tokenizer = new GrowingTokenizer(readable, UNITS, (use) => {
    calls++;
    grow(use);
  });
  return { tokenizer, calls: () => calls };
}

it('reads little text on the readable path, and much on the fast path, with the same ids', () => {
  const { tokenizer, calls } = growing();
  const few = ['ab a', '', 'a b'];
  expect(tokenizer.encodeBatch(few)).toEqual(readable.encodeBatch(few));
  expect([tokenizer.path, calls()]).toEqual(['readable', 0]);
  const many = Array.from({ length: UNITS }, () => 'ab');
  expect(tokenizer.encodeBatch(many)).toEqual(readable.encodeBatch(many));
  expect([tokenizer.path, calls()]).toEqual(['fast', 1]);
  expect(tokenizer.encode(LONG)).toEqual(readable.encode(LONG));
  expect(calls()).toBe(1);
});

it.each<[string, (tokenizer: GrowingTokenizer) => unknown]>([
  ['encode', (tokenizer) => tokenizer.encode(LONG)],
  ['encodeInto', (tokenizer) => tokenizer.encodeInto(LONG, new TokenBuffer())],
  ['encodeBatch', (tokenizer) => tokenizer.encodeBatch(['a', LONG])],
  [
    'encodeBatchInto',
    (tokenizer) => tokenizer.encodeBatchInto([LONG, 'a'], new TokenBuffer(), new Uint32Array(3)),
  ],
])('switches before %s reads much text', (_, encode) => {
  const { tokenizer } = growing();
  encode(tokenizer);
  expect(tokenizer.path).toBe('fast');
});

it('stays readable until the fast tokenizer comes', async () => {
  const { tokenizer, calls } = growing((use) => setTimeout(() => use(fast)));
  const sink = new TokenBuffer();
  tokenizer.encodeInto(LONG, sink);
  expect(sink.toIds()).toEqual(readable.encode(LONG));
  expect([tokenizer.path, calls()]).toEqual(['readable', 1]);
  await new Promise((resolve) => setTimeout(resolve, 10));
  expect(tokenizer.path).toBe('fast');
  expect(tokenizer.encode(LONG)).toEqual(readable.encode(LONG));
  expect(calls()).toBe(1);
});

it('answers about the vocabulary like both', () => {
  const { tokenizer } = growing();
  for (const key of ['family', 'vocabularySize', 'idLimit', 'medianTokenLength', 'unknownId'] as const) {
    expect(tokenizer[key]).toBe(readable[key]);
  }
  expect(tokenizer.idToToken(3)).toBe('##b');
  expect(tokenizer.tokenToId('b')).toBe(2);
});

it.each<[string, Grow]>([
  ['there is no fast path', (use) => use(undefined)],
  ['its code cannot be loaded', () => undefined],
])('stays readable if %s, and asks once', (_, grow) => {
  const { tokenizer, calls } = growing(grow);
  for (let i = 0; i < 4; i++) expect(tokenizer.encode(LONG)).toEqual(readable.encode(LONG));
  expect([tokenizer.path, calls()]).toEqual(['readable', 1]);
});

it('refuses a value that is not text like the others, and does not count it', () => {
  const { tokenizer, calls } = growing();
  for (const value of [7, null, undefined, {}, ['a'], { length: 'a' }]) {
    expect(() => tokenizer.encode(value as never)).toThrow(TokenizerError);
    expect(() => tokenizer.encodeBatch(['a', value as never])).toThrow(TokenizerError);
  }
  expect([tokenizer.path, calls()]).toEqual(['readable', 0]);
});
