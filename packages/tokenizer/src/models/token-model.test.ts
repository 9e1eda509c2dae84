import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TokenizerError } from '../tokenizer-error.js';
import { GrowingSink } from './fixtures/growing-sink.js';
import { readModel } from './model-json.js';
import type { TokenModel } from './token-model.js';

const TOKENS = [
  '<unk>',
  'a',
  'b',
  'ab',
  'ba',
  'aab',
  '##a',
  '##b',
  '##ab',
  'é',
  '日本',
  '😀',
  '<0xC3>',
  '<0xBC>',
];
const vocab = Object.fromEntries(TOKENS.map((token, id) => [token, id * 7]));

const MODELS: readonly TokenModel[] = [
  {
    type: 'WordPiece',
    vocab,
    unk_token: '<unk>',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 12,
  },
  {
    type: 'Unigram',
    unk_id: 0,
    byte_fallback: true,
    vocab: [...TOKENS, 'ab'].map((token, id) => [token, -id / 3]),
  },
  {
    type: 'BPE',
    vocab,
    unk_token: '<unk>',
    byte_fallback: true,
    merges: ['b a', 'a b', 'a ab'],
  },
  { type: 'WordLevel', vocab, unk_token: '<unk>' },
].map((json) => readModel(json, '$.model'));

const piece = fc.string({
  unit: fc.constantFrom('a', 'a', 'b', 'b', 'é', '日', '本', '😀', 'ü', 'z', '#'),
  minLength: 1,
  maxLength: 40,
});

function idsOf(model: TokenModel, text: string): readonly number[] {
  const sink = new GrowingSink();
  model.tokenize(text, sink);
  return [...sink.written];
}

describe.each(MODELS.map((model) => [model.family, model] as const))('%s', (_, model) => {
  it('gives ids of its vocabulary only', () => {
    fc.assert(
      fc.property(piece, (text) => {
        for (const id of idsOf(model, text)) expect(model.idToToken(id)).toBeDefined();
      }),
    );
  });

  it('gives a piece the same ids whatever came before it', () => {
    fc.assert(
      fc.property(piece, piece, (text, other) => {
        const alone = idsOf(model, text);
        const sink = new GrowingSink();
        model.tokenize(other, sink);
        const before = [...sink.written];
        model.tokenize(text, sink);
        expect([...sink.written]).toEqual([...before, ...alone]);
      }),
    );
  });

  it('finds each distinct token by its id and each id by its token', () => {
    for (const [token, id] of model.vocabulary.entries()) {
      expect(model.tokenToId(token)).toBe(id);
      expect(model.idToToken(id)).toBe(token);
    }
    expect(new Map(model.vocabulary.entries()).size).toBe(TOKENS.length);
    expect(model.tokenToId('nowhere')).toBeUndefined();
    expect(model.idToToken(1e6)).toBeUndefined();
  });
});

describe('a Unigram model that repeats a token', () => {
  const unigram = readModel(
    {
      type: 'Unigram',
      vocab: [
        ['a', -1],
        ['b', -1],
        ['a', -2],
      ],
    },
    '$.model',
  );

  it('counts it twice, and finds it by its last id and by each of its ids', () => {
    expect(unigram.size).toBe(3);
    expect([...unigram.vocabulary.entries()]).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
    expect(unigram.idToToken(0)).toBe('a');
    expect(unigram.idToToken(2)).toBe('a');
  });
});

describe('the unknown token', () => {
  it('is a token for the three families that name it, and an id for Unigram', () => {
    const found = MODELS.map(({ family, unknownToken, unknownId }) => [family, unknownToken, unknownId]);
    expect(found).toEqual([
      ['WordPiece', '<unk>', undefined],
      ['Unigram', undefined, 0],
      ['BPE', '<unk>', undefined],
      ['WordLevel', '<unk>', undefined],
    ]);
  });

  it('is null if BPE and Unigram have none', () => {
    expect(readModel({ type: 'BPE', vocab: {}, merges: [] }, '$.model').unknownToken).toBeNull();
    expect(readModel({ type: 'Unigram', vocab: [] }, '$.model').unknownId).toBeNull();
  });

  it.each([
    [
      'WordPiece',
      {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '',
        max_input_chars_per_word: 100,
        vocab: { a: 0 },
      },
    ],
    ['WordLevel', { type: 'WordLevel', unk_token: '[UNK]', vocab: { a: 0 } }],
    ['BPE', { type: 'BPE', unk_token: '[UNK]', vocab: { a: 0 }, merges: [] }],
    ['Unigram', { type: 'Unigram', vocab: [['a', -1]] }],
  ])('of %s that is missing fails the piece that needs it and leaves the sink unchanged', (_, json) => {
    const model = readModel(json, '$.model');
    const sink = new GrowingSink();
    model.tokenize('a', sink);
    expect(() => model.tokenize('aaz', sink)).toThrowError(TokenizerError);
    expect(() => model.tokenize('aaz', sink)).toThrowError(/"aaz".* unknown token in tokenizer\.json/);
    expect([...sink.written]).toEqual([0]);
  });
});
