import { describe, expect, it } from 'vitest';
import { FastTokenizer } from '../fast/fast-tokenizer.js';
import { loadTokenizer } from '../load-tokenizer.js';

type Json = Readonly<Record<string, unknown>>;

/** Numbers from 0 on and below a limit, the same in each run. */
function randomOf(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b_3c6d) + 0x297a_2d39) | 0;
    return (state >>> 8) % limit;
  };
}

const VISIBLE = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i));

/** Texts of few letters, so that tokens occur in them, with all of ASCII and some other characters among them. */
function* textsOf(random: (limit: number) => number, count: number): Generator<string> {
  const rare = [
    ...VISIBLE,
    '  ',
    '\t',
    '\n',
    '\0',
    'é',
    '▁',
    'Ġ',
    '中',
    '\u0301',
    '\u00ad',
    '😀',
    '\u3000',
    "'s",
  ];
  for (let i = 0; i < count; i++) {
    let text = '';
    for (let length = random(60); length > 0; length--) {
      const kind = random(10);
      if (kind < 2) text += ' ';
      else if (kind < 9) text += 'abcABC_0!'[random(9)]!;
      else text += rare[random(rare.length)]!;
    }
    yield text;
  }
}

function tokensOf(random: (limit: number) => number, characters: readonly string[], count: number): string[] {
  const tokens = new Set(characters);
  while (tokens.size < characters.length + count) {
    tokens.add(Array.from({ length: 1 + random(5) }, () => characters[random(characters.length)]!).join(''));
  }
  return [...tokens];
}

const numbered = (tokens: readonly string[]): Json =>
  Object.fromEntries(tokens.map((token, id) => [token, id]));

/** A model of each family for letters after this lead, which some of their tokens lack. */
const MODELS: Readonly<Record<string, (random: (limit: number) => number, lead: string) => Json>> = {
  WordPiece(random, lead) {
    const tokens = tokensOf(random, [...'abcABC0!', ...lead], 60);
    const vocab = numbered(['?', ...tokens, ...tokens.slice(0, 50).map((token) => `##${token}`)]);
    const longest = 4 + random(30);
    return {
      type: 'WordPiece',
      vocab,
      unk_token: '?',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: longest,
    };
  },
  Unigram(random, lead) {
    const tokens = ['<unk>', ...tokensOf(random, [...'abcABC_0', ...lead], 60)];
    // Few different scores, so that sums are equal.
    const vocab = tokens.map((token) => [token, -1 - random(4) / 2]);
    return { type: 'Unigram', vocab, unk_id: 0, byte_fallback: random(2) === 0 };
  },
  BPE(random, lead) {
    const tokens = [...'abcABC_0', ...lead];
    const merges: string[] = [];
    for (let i = 0; i < 60; i++) {
      const [left, right] = [tokens[random(tokens.length)]!, tokens[random(tokens.length)]!];
      if (tokens.includes(left + right) || left.length + right.length > 6) continue;
      tokens.push(left + right);
      merges.push(`${left} ${right}`);
    }
    return {
      type: 'BPE',
      vocab: numbered(['?', ...tokens]),
      merges,
      unk_token: '?',
      ignore_merges: random(2) === 0,
    };
  },
  WordLevel: (random, lead) => ({
    type: 'WordLevel',
    vocab: numbered(['?', ...tokensOf(random, [...'abcABC0', ...lead], 200)]),
    unk_token: '?',
  }),
};

const METASPACE: Json = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
const BYTES: Json = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };
const sequence = (...pretokenizers: readonly Json[]): Json => ({ type: 'Sequence', pretokenizers });

/** Pre-tokenizers, and the lead of their pieces. */
const PRE_TOKENIZERS: readonly (readonly [name: string, json: Json, lead: string])[] = [
  ['BertPreTokenizer', { type: 'BertPreTokenizer' }, ''],
  ['Whitespace', { type: 'Whitespace' }, ''],
  ['WhitespaceSplit', { type: 'WhitespaceSplit' }, ''],
  ['Metaspace', METASPACE, '▁'],
  ['Metaspace at the first piece', { ...METASPACE, prepend_scheme: 'first' }, '▁'],
  ['Metaspace at no start', { ...METASPACE, prepend_scheme: 'never' }, '▁'],
  ['Metaspace with a letter', { ...METASPACE, replacement: 'b' }, ''],
  ['Metaspace with a mark', { ...METASPACE, replacement: '!' }, '!'],
  ['words with Metaspace', sequence({ type: 'WhitespaceSplit' }, METASPACE), '▁'],
  ['pieces with Metaspace', sequence({ type: 'Whitespace' }, METASPACE), '▁'],
  ['ByteLevel', { ...BYTES, add_prefix_space: false }, 'Ġ'],
  ['ByteLevel with a prefix', BYTES, 'Ġ'],
  ['digits and ByteLevel', sequence({ type: 'Digits', individual_digits: true }, BYTES), 'Ġ'],
  ...['Isolated', 'Contiguous', 'MergedWithPrevious', 'MergedWithNext'].map(
    (behavior) =>
      [
        `${behavior} punctuation`,
        sequence({ type: 'Punctuation', behavior }, { type: 'WhitespaceSplit' }),
        '',
      ] as const,
  ),
  ['joined digits', sequence({ type: 'Digits', individual_digits: false }, { type: 'Whitespace' }), ''],
];

const NORMALIZERS: readonly (Json | null)[] = [
  null,
  { type: 'Lowercase' },
  {
    type: 'Sequence',
    normalizers: [
      { type: 'NFKC' },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' },
      { type: 'Replace', pattern: { String: '!!' }, content: 'a' },
    ],
  },
  {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
];

const ADDED: readonly Json[] = ['<s>', '_c_'].map((content, i) => ({
  id: 1000 + i,
  content,
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: i === 1,
  special: i === 0,
}));

describe.each(Object.keys(MODELS))('%s', (family) => {
  it.each(PRE_TOKENIZERS)(
    'gives new words the ids of the readable pipeline after %s',
    (_, pre_tokenizer, lead) => {
      const random = randomOf(family.length * 31 + lead.length);
      let chunks = 0;
      let misses = 0;
      for (const normalizer of NORMALIZERS) {
        for (const added_tokens of [[], ADDED]) {
          const json = { normalizer, pre_tokenizer, added_tokens, model: MODELS[family]!(random, lead) };
          const fast = loadTokenizer(json, { path: 'fast' });
          const readable = loadTokenizer(json, { path: 'readable' });
          if (!(fast instanceof FastTokenizer)) throw new TypeError('no fast path');
          for (const text of textsOf(random, 120)) {
            chunks += new Set(text.split(' ')).size;
            for (const options of [{}, { maxTokens: 5, dropUnknown: true }]) {
              const got = fast.encode(text, options);
              const expected = readable.encode(text, options);
              if (got.join() !== expected.join())
                expect({ json, text, got }).toEqual({ json, text, got: expected });
            }
          }
          misses += fast.counts.misses;
        }
      }
      expect(chunks).toBeGreaterThan(4000);
      // Chunks of letters only, as in the texts of people, hardly ever reach the readable pipeline.
      expect(misses).toBeLessThan(chunks);
    },
  );
});

describe.each(Object.keys(MODELS))('%s with long tokens', (family) => {
  /** Tokens that differ in their length or their last character only. */
  const lengths = [2, 7, 8, 9, 11, 12, 13, 15, 16, 17, 24, 25, 33, 127, 128, 129, 130, 300];
  const tokens = lengths.flatMap((length) => ['a', 'b'].map((last) => 'a'.repeat(length - 1) + last));
  const texts = tokens.flatMap((token) => [
    token,
    `${token}c ${token}`,
    `c${token.slice(1)}`,
    token.repeat(2),
  ]);
  const models: Readonly<Record<string, Json>> = {
    WordPiece: {
      type: 'WordPiece',
      vocab: numbered(['[UNK]', 'c', '##c', '##a', '##b', ...tokens, ...tokens.map((token) => `##${token}`)]),
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 200,
    },
    Unigram: {
      type: 'Unigram',
      vocab: ['<unk>', 'a', 'b', 'c', ...tokens].map((token, i) => [token, -1 - (i % 7) / 4]),
      unk_id: 0,
    },
    BPE: {
      type: 'BPE',
      vocab: numbered(['a', 'b', 'c', ...tokens]),
      merges: [],
      ignore_merges: true,
    },
    WordLevel: { type: 'WordLevel', vocab: numbered(['[UNK]', ...tokens]), unk_token: '[UNK]' },
  };

  it('gives new words the ids of the readable pipeline', () => {
    const json = { pre_tokenizer: { type: 'Whitespace' }, model: models[family] };
    const fast = loadTokenizer(json, { path: 'fast' });
    const readable = loadTokenizer(json, { path: 'readable' });
    if (!(fast instanceof FastTokenizer)) throw new TypeError('no fast path');
    for (const text of texts) {
      const got = fast.encode(text);
      const expected = readable.encode(text);
      if (got.join() !== expected.join()) expect({ text, got }).toEqual({ text, got: expected });
    }
    expect(fast.encodeBatch(texts)).toEqual(readable.encodeBatch(texts));
    // Chunks of more than 128 bytes are left to the pipeline.
    expect(fast.counts.misses).toBeLessThan(100);
  });
});

it.each([2 ** 31 - 2, 2 ** 31 - 1, 2 ** 32 - 1])('reads a vocabulary with id %d', (id) => {
  const json = {
    pre_tokenizer: { type: 'Whitespace' },
    model: { type: 'WordLevel', vocab: { '[UNK]': 0, word: id, other: 1 }, unk_token: '[UNK]' },
  };
  const fast = loadTokenizer(json, { path: 'fast' });
  expect([...fast.encode('word other word none')]).toEqual([id, 1, id, 0]);
});
