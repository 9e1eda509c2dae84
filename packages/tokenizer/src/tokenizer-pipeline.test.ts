import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import type { TokenSink } from './token-batch.js';
import { TokenBuffer } from './token-buffer.js';
import type { Tokenizer } from './tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';

const MASK = {
  id: 0,
  content: '[MASK]',
  single_word: false,
  lstrip: true,
  rstrip: false,
  normalized: false,
  special: true,
};

const tokenizer: Tokenizer = loadTokenizer({
  added_tokens: [MASK],
  normalizer: { type: 'Lowercase' },
  pre_tokenizer: { type: 'Whitespace' },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '[UNK]': 0, a: 1, b: 2, '##a': 3, '##b': 4, ab: 5, é: 6 },
  },
});

/** Without an unknown token some texts have no ids. */
const strict: Tokenizer = loadTokenizer({
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: { type: 'WordLevel', vocab: { a: 0, b: 1 }, unk_token: '?' },
});

const text = fc
  .array(fc.constantFrom('a', 'b', 'é', 'A', ' ', 'x', '[MASK]', '😀', '\ud83d', '\u0301'), { maxLength: 12 })
  .map((pieces) => pieces.join(''));

describe('encodeBatch', () => {
  it('is the concatenation of encode', () => {
    fc.assert(
      fc.property(fc.array(text), fc.option(fc.nat(5)), fc.boolean(), (texts, maxTokens, dropUnknown) => {
        const options = { maxTokens, dropUnknown };
        const { ids, offsets } = tokenizer.encodeBatch(texts, options);
        expect(offsets.length).toBe(texts.length + 1);
        expect([...ids]).toEqual(texts.flatMap((each) => [...tokenizer.encode(each, options)]));
        texts.forEach((each, i) => {
          expect(ids.slice(offsets[i], offsets[i + 1])).toEqual(tokenizer.encode(each, options));
        });
      }),
    );
  });

  it('gives one offset for no texts', () => {
    const { ids, offsets } = tokenizer.encodeBatch([]);
    expect(ids.length).toBe(0);
    expect([...offsets]).toEqual([0]);
  });
});

describe('encodeInto', () => {
  it('appends to the contents of the sink', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), fc.nat(3), (texts, capacity) => {
        const sink = new TokenBuffer(capacity);
        sink.grow(2);
        sink.ids.set([7, 8]);
        sink.length = 2;
        for (const each of texts) tokenizer.encodeInto(each, sink);
        expect([...sink.toIds()]).toEqual([7, 8, ...tokenizer.encodeBatch(texts).ids]);
      }),
    );
  });

  it('truncates and drops only what it appends', () => {
    const sink = new TokenBuffer();
    tokenizer.encodeInto('x a b', sink);
    tokenizer.encodeInto('x a b', sink, { maxTokens: 2, dropUnknown: true });
    expect([...sink.toIds()]).toEqual([0, 1, 2, 1]);
  });

  it('writes to memory that the caller owns and replaces', () => {
    const sink: TokenSink = {
      ids: new Uint32Array(1),
      length: 0,
      grow(capacity) {
        const larger = new Uint32Array(capacity);
        larger.set(this.ids);
        this.ids = larger;
      },
    };
    tokenizer.encodeInto('a b ab', sink);
    expect([...sink.ids.subarray(0, sink.length)]).toEqual([1, 2, 5]);
  });

  it('leaves the sink unchanged if a text has no ids', () => {
    const sink = new TokenBuffer();
    strict.encodeInto('b a', sink);
    expect(() => strict.encodeInto('a b c', sink)).toThrow(TokenizerError);
    expect([...sink.toIds()]).toEqual([1, 0]);
  });
});

describe('encode', () => {
  it('gives the same ids every time, whatever was encoded before', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        const ids = tokenizer.encode(first);
        tokenizer.encode(second);
        expect(tokenizer.encode(first)).toEqual(ids);
      }),
    );
  });

  it('gives no ids for an empty text', () => {
    expect(tokenizer.encode('').length).toBe(0);
    expect(strict.encode('').length).toBe(0);
  });

  it('counts unknown tokens towards the limit before it drops them', () => {
    expect([...tokenizer.encode('x a x b', { maxTokens: 3 })]).toEqual([0, 1, 0]);
    expect([...tokenizer.encode('x a x b', { maxTokens: 3, dropUnknown: true })]).toEqual([1]);
    expect([...tokenizer.encode('x a x b', { maxTokens: null, dropUnknown: true })]).toEqual([1, 2]);
    expect([...tokenizer.encode('x a x b', { maxTokens: 0 })]).toEqual([]);
  });

  it('refuses a limit that is not a count and a text that is not a string', () => {
    for (const maxTokens of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => tokenizer.encode('a', { maxTokens })).toThrow(
        /maxTokens must be a whole number from 0 on/,
      );
    }
    expect(() => tokenizer.encode(undefined as unknown as string)).toThrow(
      /a text must be a string; found undefined/,
    );
  });

  it('treats a lone surrogate as U+FFFD', () => {
    const level = loadTokenizer({
      model: { type: 'WordLevel', vocab: { '\ufffd': 0, 'a\ufffd': 1, '?': 2 }, unk_token: '?' },
    });
    expect([...level.encode('\ud83d')]).toEqual([0]);
    expect([...level.encode('a\udc00')]).toEqual([1]);
    expect([...level.encode('😀')]).toEqual([2]);
  });

  it('releases the memory of a long text', () => {
    const ids = tokenizer.encode('a '.repeat(200_000));
    expect(ids.length).toBe(200_000);
    expect([...tokenizer.encode('a b')]).toEqual([1, 2]);
  });
});

describe('unknownId', () => {
  it('is that of a token named by the model, including added tokens', () => {
    const model = { type: 'WordLevel', vocab: { a: 0, b: 1 }, unk_token: '[MASK]' };
    expect(loadTokenizer({ model }).unknownId).toBeNull();
    expect(loadTokenizer({ model, added_tokens: [MASK] }).unknownId).toBe(2);
    expect(loadTokenizer({ model: { ...model, unk_token: 'b' } }).unknownId).toBe(1);
  });

  it('is the id named by Unigram, or null', () => {
    const model = {
      type: 'Unigram',
      vocab: [
        ['a', 0],
        ['b', -1],
      ],
    };
    expect(loadTokenizer({ model: { ...model, unk_id: 1 } }).unknownId).toBe(1);
    expect(loadTokenizer({ model: { ...model, unk_id: null } }).unknownId).toBeNull();
  });

  it('is null if BPE names no token, and then nothing is dropped', () => {
    const bpe = loadTokenizer({ model: { type: 'BPE', vocab: { a: 0 }, merges: [] } });
    expect(bpe.unknownId).toBeNull();
    expect([...bpe.encode('aba', { dropUnknown: true })]).toEqual([0, 0]);
  });
});

it('reports the family', () => {
  expect(tokenizer.family).toBe('WordPiece');
  expect(strict.family).toBe('WordLevel');
});
