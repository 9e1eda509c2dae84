import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { loadTokenizerLazily } from './load-tokenizer-lazily.js';

const BERT = {
  version: '1.0',
  truncation: { direction: 'Right', max_length: 512, strategy: 'LongestFirst', stride: 0 },
  padding: null,
  added_tokens: [
    {
      id: 0,
      content: '[UNK]',
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
    {
      id: 9,
      content: '[new]',
      single_word: false,
      lstrip: true,
      rstrip: false,
      normalized: true,
      special: true,
    },
  ],
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: null,
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: { '[UNK]': 0, a: 1, ab: 2, '##b': 3, '##bc': 4, '!': 5, 中: 6, é: 7, '"\\': 8 },
  },
};
const TEXTS = [
  '',
  'a ab abb ABBC!',
  'É中文 x',
  'a [NEW]b [UNK] [new] é[new]',
  '😀\ud83d',
  `${'ab'.repeat(60)} a`,
];

/** From which on the fast path is taken in Node. */
const MUCH_TEXT = 'a ab '.repeat(1000);

const bytesOf = (json: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(json));

describe('gives the same results as loadTokenizer', () => {
  it.each([
    ['a tokenizer like BERT’s', BERT],
    ['one that keeps accents', { ...BERT, normalizer: { ...BERT.normalizer, strip_accents: false } }],
    ['other normalizers', { ...BERT, normalizer: { type: 'Lowercase' } }],
    ['no normalizer', { ...BERT, normalizer: null }],
    ['another pre-tokenizer', { ...BERT, pre_tokenizer: { type: 'Whitespace' } }],
    ['no pre-tokenizer', { ...BERT, pre_tokenizer: null }],
    [
      'a pattern',
      {
        ...BERT,
        pre_tokenizer: { type: 'Split', pattern: { Regex: '\\p{L}+' }, behavior: 'Isolated', invert: false },
      },
    ],
    ['another model', { ...BERT, model: { type: 'WordLevel', vocab: BERT.model.vocab, unk_token: '[UNK]' } }],
    [
      'a token that must be a word',
      { ...BERT, added_tokens: [BERT.added_tokens[0], { ...BERT.added_tokens[1], single_word: true }] },
    ],
    ['an empty vocabulary', { ...BERT, added_tokens: [], model: { ...BERT.model, vocab: { '[UNK]': 0 } } }],
  ])('for %s', async (_, json) => {
    for (const form of [bytesOf(json), JSON.stringify(json), json]) {
      const eager = loadTokenizer(form);
      const lazy = await loadTokenizerLazily(form);
      expect(lazy.encodeBatch(TEXTS)).toEqual(eager.encodeBatch(TEXTS));
      expect(lazy.encode(MUCH_TEXT)).toEqual(eager.encode(MUCH_TEXT));
      expect(lazy.path).toBe(eager.path);
      for (const key of ['family', 'vocabularySize', 'idLimit', 'medianTokenLength', 'unknownId'] as const) {
        expect(lazy[key]).toBe(eager[key]);
      }
      expect((await loadTokenizerLazily(form, { path: 'readable' })).path).toBe('readable');
    }
  });
});

describe('refuses the same files as loadTokenizer, with the same error', () => {
  it.each([
    ['a part that is none', { ...BERT, extra: 1 }],
    ['a version', { ...BERT, version: '2.0' }],
    ['a truncation', { ...BERT, truncation: {} }],
    ['an added token', { ...BERT, added_tokens: [{}] }],
    ['half a surrogate pair', { ...BERT, added_tokens: [{ content: '\ud83d' }] }],
    ['a normalizer', { ...BERT, normalizer: { ...BERT.normalizer, clean_text: 'yes' } }],
    ['a model', { ...BERT, model: { ...BERT.model, unk_token: null } }],
    ['an id', { ...BERT, model: { ...BERT.model, vocab: { a: -1 } } }],
    ['a list', []],
    ['nothing', null],
  ])('for %s', async (_, json) => {
    const failureOf = async (load: () => unknown): Promise<unknown> => {
      try {
        await load();
        return 'none';
      } catch (error) {
        return error;
      }
    };
    const eager = await failureOf(() => loadTokenizer(bytesOf(json)));
    expect(eager).toBeInstanceOf(Error);
    expect(await failureOf(() => loadTokenizerLazily(bytesOf(json)))).toEqual(eager);
  });

  it('for bytes that are no JSON', async () => {
    const bytes = new TextEncoder().encode('{"model": {"vocab": {"a": 0}');
    await expect(loadTokenizerLazily(bytes)).rejects.toThrow(/is not JSON: the text ends/);
  });
});
