import { expect, it } from 'vitest';
import { loadTokenizer } from '../../load-tokenizer.js';
import { TokenBuffer } from '../../token-buffer.js';
import { TokenizerError } from '../../tokenizer-error.js';
import { GrowingTokenizer } from './growing-tokenizer.js';

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
const LONG = 'ab c '.repeat(10_000);

function growing(load: () => Promise<typeof fast | undefined> = async () => fast) {
  let loads = 0;
  const tokenizer = new GrowingTokenizer(readable, () => {
    loads++;
    return load();
  });
  return { tokenizer, loads: () => loads };
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

it('stays readable for little text, and switches to the fast path after much, with the same ids', async () => {
  const { tokenizer, loads } = growing();
  const texts = ['ab a', '', LONG];
  expect(tokenizer.encodeBatch(texts)).toEqual(readable.encodeBatch(texts));
  await settled();
  expect([tokenizer.path, loads()]).toEqual(['readable', 0]);
  const sink = new TokenBuffer();
  tokenizer.encodeInto(LONG, sink);
  expect(sink.toIds()).toEqual(readable.encode(LONG));
  // Only after the encoding code has yielded the thread.
  expect([tokenizer.path, loads()]).toEqual(['readable', 1]);
  await settled();
  expect(tokenizer.path).toBe('fast');
  expect(tokenizer.encodeBatch(texts)).toEqual(readable.encodeBatch(texts));
  expect(tokenizer.encode(LONG)).toEqual(readable.encode(LONG));
  await settled();
  expect(loads()).toBe(1);
});

it('answers about the vocabulary like both', () => {
  const { tokenizer } = growing();
  for (const key of ['family', 'vocabularySize', 'idLimit', 'medianTokenLength', 'unknownId'] as const) {
    expect(tokenizer[key]).toBe(readable[key]);
  }
  expect(tokenizer.idToToken(3)).toBe('##b');
  expect(tokenizer.tokenToId('b')).toBe(2);
});

it.each([
  ['there is no fast path', async () => undefined],
  ['its code cannot be loaded', () => Promise.reject(new TypeError('off line'))],
])('stays readable if %s, and asks once', async (_, load) => {
  const { tokenizer, loads } = growing(load);
  for (let i = 0; i < 4; i++) {
    expect(tokenizer.encode(LONG)).toEqual(readable.encode(LONG));
    await settled();
  }
  expect([tokenizer.path, loads()]).toEqual(['readable', 1]);
});

it('refuses a value that is not text like the others', () => {
  const { tokenizer } = growing();
  expect(() => tokenizer.encode(7 as never)).toThrow(TokenizerError);
  expect(() => tokenizer.encodeBatch(['a', undefined as never])).toThrow(TokenizerError);
});
