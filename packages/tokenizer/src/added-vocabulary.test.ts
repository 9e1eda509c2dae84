import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';
import { TokenizerError, UnsupportedTokenizerError } from './tokenizer-error.js';

const PLAIN = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };

function tokenizerWith(tokens: readonly object[], normalizer: object | null = null): Tokenizer {
  return loadTokenizer({
    added_tokens: tokens.map((token) => ({ id: 0, ...PLAIN, ...token })),
    normalizer,
    model: { type: 'WordLevel', vocab: { '?': 0, a: 1, b: 2 }, unk_token: '?' },
  });
}

function errorOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

it('keeps the id of a token that the model has, and numbers others from the model’s size', () => {
  const tokenizer = tokenizerWith([
    { content: 'new', id: 77 },
    { content: 'b', id: 5 },
    { content: 'newer' },
  ]);
  expect([...tokenizer.encode('newbnewer')]).toEqual([3, 2, 4]);
  expect(tokenizer.tokenToId('newer')).toBe(4);
  expect(tokenizer.vocabularySize).toBe(5);
  expect(tokenizer.idLimit).toBe(5);
});

it('finds tokens and ids of the model and of added tokens', () => {
  const tokenizer = tokenizerWith([{ content: 'New', normalized: true }], { type: 'Lowercase' });
  expect(tokenizer.tokenToId('New')).toBe(3);
  expect(tokenizer.tokenToId('new')).toBeUndefined();
  // As id_to_token of the reference, which its decoders use.
  expect(tokenizer.idToToken(3)).toBe('new');
  expect(tokenizer.idToToken(1)).toBe('a');
  expect(tokenizer.idToToken(4)).toBeUndefined();
});

describe('added tokens on which the reference is ambiguous are refused by name', () => {
  it('if two are equal once normalized', () => {
    const tokens = [{ content: 'X', normalized: true }, { content: 'y' }, { content: 'x', normalized: true }];
    const error = errorOf(() => tokenizerWith(tokens, { type: 'Lowercase' }));
    expect(error).toBeInstanceOf(UnsupportedTokenizerError);
    expect(String(error)).toContain(
      '$.added_tokens[2] (AddedToken) is not supported: "x" is "x" once normalized',
    );
  });

  it('if one is empty once normalized', () => {
    const tokens = [{ content: ' ', normalized: true }];
    const strip = { type: 'Strip', strip_left: true, strip_right: true };
    const error = errorOf(() => tokenizerWith(tokens, strip));
    expect(error).toBeInstanceOf(UnsupportedTokenizerError);
    expect(String(error)).toContain(
      '$.added_tokens[0] (AddedToken) is not supported: " " is empty once normalized',
    );
  });

  it('but not if one is normalized and the other is not', () => {
    const tokens = [{ content: 'X' }, { content: 'x', normalized: true }];
    expect([...tokenizerWith(tokens, { type: 'Lowercase' }).encode('xX')]).toEqual([4, 3]);
  });
});

it('refuses a text in which a token strips what the previous one stripped, on which the reference fails', () => {
  const tokenizer = tokenizerWith([
    { content: 'x', rstrip: true },
    { content: ' ', lstrip: true },
  ]);
  const error = errorOf(() => tokenizer.encode('x   a'));
  expect(error).toBeInstanceOf(TokenizerError);
  expect(String(error)).toContain('the added token " " has "lstrip"');
  expect([...tokenizer.encode('xa')]).toEqual([3, 1]);
});
