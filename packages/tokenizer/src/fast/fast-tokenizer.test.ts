import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.js';
import { TokenBuffer } from '../token-buffer.js';
import type { Tokenizer, TokenizerEncodeOptions } from '../tokenizer.js';
import { TokenizerError } from '../tokenizer-error.js';
import { FastTokenizer } from './fast-tokenizer.js';

type Json = Readonly<Record<string, unknown>>;

interface Pair {
  readonly fast: FastTokenizer;
  readonly readable: Tokenizer;
}

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

/** Both tokenizers of a pipeline, or `undefined` where it has no fast path or cannot be loaded. */
function pairOf(json: Json): Pair | undefined {
  let fast: Tokenizer;
  try {
    fast = loadTokenizer(json);
  } catch (error) {
    if (error instanceof TokenizerError) return undefined;
    throw error;
  }
  return fast instanceof FastTokenizer
    ? { fast, readable: loadTokenizer(json, { path: 'readable' }) }
    : undefined;
}

function mustPair(json: Json): Pair {
  const pair = pairOf(json);
  expect(pair).toBeDefined();
  return pair!;
}

/** Ids, or the error message. */
function answer(tokenizer: Tokenizer, text: string, options?: TokenizerEncodeOptions): string {
  try {
    return tokenizer.encode(text, options).join();
  } catch (error) {
    if (error instanceof TokenizerError) return error.message;
    throw error;
  }
}

function expectEqual(
  { fast, readable }: Pair,
  texts: Iterable<string>,
  options?: TokenizerEncodeOptions,
): void {
  for (const text of texts) {
    const expected = answer(readable, text, options);
    // Once while it is learned and once from memory. `expect` is too slow for millions of texts.
    for (let round = 0; round < 2; round++) {
      const got = answer(fast, text, options);
      if (got !== expected) expect({ text, ids: got }).toEqual({ text, ids: expected });
    }
  }
}

/** Byte-level tokens, whole words' first ones apart from others: every difference in pieces or characters shows. */
const REVEALING: Json = (() => {
  const characters = Array.from({ length: 0x144 }, (_, i) => String.fromCharCode(i)).slice(0x21);
  const tokens = [...characters, ...characters.map((each) => `##${each}`)];
  return {
    type: 'BPE',
    vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
    merges: [],
    continuing_subword_prefix: '##',
  };
})();
const BYTES: Json = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false };
const METASPACE: Json = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true };
const GPT2: Json = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true };
const sequence = (...pretokenizers: readonly Json[]): Json => ({ type: 'Sequence', pretokenizers });
const normalizers = (...steps: readonly Json[]): Json => ({ type: 'Sequence', normalizers: steps });
const split = (regex: string, behavior: string, invert = false): Json => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert,
});
const bert = (flags: Json = {}): Json => ({
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: null,
  lowercase: true,
  ...flags,
});

const { patterns } = JSON.parse(read('../oniguruma/fixtures/published-patterns.json')) as {
  patterns: readonly (readonly [name: string, source: string])[];
};
const normalizerCases = JSON.parse(
  gunzipSync(
    readFileSync(new URL('../normalizers/fixtures/normalizer-cases.json.gz', import.meta.url)),
  ).toString(),
) as { texts: readonly string[]; cases: readonly { normalizer: Json }[] };

/** A charsmap that changes much, and keeps the space. */
const precompiled = normalizerCases.cases.filter(
  ({ normalizer }) =>
    normalizer.type === 'Precompiled' &&
    pairOf({ normalizer, pre_tokenizer: METASPACE, model: REVEALING }) !== undefined,
);

/**
 * What `build_charsmap` of oracle/charsmap.py makes of
 * `{'\u0600 ': 'x', '\u06dd ': 'y ', ' \u0301': 'z', ' \u0316': ' z', 'é': 'e', 'Å': 'A ', '①': '1', '\u3000': ' ',
 * 'ﬁ': 'fi', '\u00ad': '\u0600', '\u200b': '', 'A\u0301': 'q'}`: clusters that spaces are in, and characters that become
 * parts of such.
 */
const CLUSTERS: Json = {
  type: 'Precompiled',
  precompiled_charsmap: [
    'AAQAAACEAAAgRAMArAACAIEdAAATAACAgAwCAIAFAAARAACAgCACAKANAAAPAACAix0AABkAAICdjAAAIAUAAAIA',
    'AIAgCQAAgIQAAAAAAICFGQAACgAAgAwAAICtBQAAFgAAgMwMAgCRwAIAgQUAABoAAIDM9AIABwAAgAUAAIAAAAAA',
    'gfkAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACWqQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAKmtAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEHQAgAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA4xwBAOIsAQAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA74ABAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAADD0AEAwmABAAAAAAAAAAAA',
    'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'AAAAAAAAAAAAANigAQDbqAEAAAAAAAAAAAAAAAAAAAAAAAAAAAB4AHkgAHoAIHoAZQBBIAAxACAAZmkA2IAAAHEA',
  ].join(''),
};

/** Those that leave nothing unmatched. */
const CUTTING = [
  'gpt-2',
  'cl100k, llama-3',
  'o200k',
  'qwen2',
  'deepseek-v3, 3',
  'tekken',
  'kimi',
  'white space',
];

/** Pipelines of every family as they are published. */
const PUBLISHED: Readonly<Record<string, Json>> = {
  'BERT, uncased': { normalizer: bert(), pre_tokenizer: sequence({ type: 'BertPreTokenizer' }, BYTES) },
  'BERT, cased': {
    normalizer: bert({ lowercase: false, strip_accents: true, clean_text: false }),
    pre_tokenizer: sequence({ type: 'BertPreTokenizer' }, BYTES),
  },
  'BERT with accents': {
    normalizer: bert({ strip_accents: false, handle_chinese_chars: false }),
    pre_tokenizer: sequence({ type: 'BertPreTokenizer' }, { type: 'Digits', individual_digits: true }, BYTES),
  },
  'words of a normalizer sequence': {
    normalizer: normalizers({ type: 'NFKC' }, { type: 'Lowercase' }, { type: 'StripAccents' }),
    pre_tokenizer: sequence({ type: 'Whitespace' }, { type: 'Digits', individual_digits: true }, BYTES),
  },
  'WordLevel as trained': {
    normalizer: normalizers(
      { type: 'NFKD' },
      { type: 'StripAccents' },
      { type: 'Lowercase' },
      { type: 'Nmt' },
    ),
    pre_tokenizer: sequence({ type: 'WhitespaceSplit' }, BYTES),
  },
  T5: {
    normalizer: precompiled[0]?.normalizer,
    pre_tokenizer: sequence(METASPACE, BYTES),
  },
  'XLM-RoBERTa': {
    normalizer: normalizers(
      precompiled[1]?.normalizer ?? {},
      { type: 'Strip', strip_left: false, strip_right: true },
      { type: 'Replace', pattern: { Regex: ' {2,}' }, content: '▁' },
    ),
    pre_tokenizer: sequence({ type: 'WhitespaceSplit' }, { ...METASPACE, prepend_scheme: 'always' }, BYTES),
  },
  'a charsmap of clusters': {
    normalizer: CLUSTERS,
    pre_tokenizer: sequence({ type: 'WhitespaceSplit' }, BYTES),
  },
  'a charsmap of clusters, twice': {
    normalizer: normalizers(CLUSTERS, CLUSTERS, { type: 'NFC' }),
    pre_tokenizer: sequence(METASPACE, BYTES),
  },
  ALBERT: {
    normalizer: normalizers(
      { type: 'Replace', pattern: { String: '``' }, content: '"' },
      { type: 'Replace', pattern: { String: "''" }, content: '"' },
      { type: 'NFKD' },
      { type: 'StripAccents' },
      { type: 'Lowercase' },
      precompiled.at(-1)?.normalizer ?? {},
    ),
    pre_tokenizer: sequence({ ...METASPACE, prepend_scheme: 'always' }, BYTES),
  },
  'GPT-2': { pre_tokenizer: GPT2 },
  'GPT-2 with a prefix space': {
    normalizer: { type: 'NFC' },
    pre_tokenizer: { ...GPT2, add_prefix_space: true },
  },
  StarCoder: { pre_tokenizer: sequence({ type: 'Digits', individual_digits: true }, GPT2) },
  'a space joined to what follows': {
    pre_tokenizer: sequence(
      { type: 'Punctuation', behavior: 'MergedWithPrevious' },
      { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithNext', invert: false },
      BYTES,
    ),
  },
  ...Object.fromEntries(
    patterns
      .filter(([name]) => CUTTING.includes(name))
      .map(([name, source]) => [
        `the pattern of ${name}`,
        { normalizer: { type: 'NFC' }, pre_tokenizer: sequence(split(source, 'Isolated'), BYTES) },
      ]),
  ),
};
const published = Object.entries(PUBLISHED).map(
  ([name, json]) => [name, { ...json, model: REVEALING }] as const,
);

/** Characters that make or break borders, and their surroundings. */
const SPOILERS = [
  ...[
    ' ',
    '  ',
    '   ',
    '\t',
    '\n',
    '\r\n',
    '\u00a0',
    '\u0085',
    '\u2003',
    '\u3000',
    '\u200b',
    '\u2581',
    '\ufeff',
  ],
  ...[
    '\0',
    '\u0001',
    '\u001f',
    '\u007f',
    '\u00ad',
    '\ue000',
    '\ufffd',
    '\ud83d',
    '\udc00',
    '\u200d',
    '\ufe0f',
  ],
  ...[
    '\u0301',
    '\u0316\u0301',
    '\u0338',
    '\u0345',
    '\u093e',
    '\u0f72',
    '\u1161',
    '\u11a8',
    '\u0600',
    '\u06dd',
  ],
  ...[
    '\u{110bd}',
    '\u0d4e',
    '\u00e9',
    'e\u0301',
    '\u00c5',
    '\u0130',
    '\u03a3',
    '\u00a8',
    '\u00b4',
    '\ufdfa',
    '\u1e9b\u0323',
  ],
  ...['中', '豈', '\u{20000}', '가', 'ᄀ', 'ไท', 'हि', '😀', '👩\u200d👧', '🇩🇪', 'ﬁ', '①', '１'],
  ...[
    "'s",
    "'",
    '"',
    '.',
    ',',
    '!?',
    '_',
    '-',
    '[',
    ']',
    '<',
    '>',
    '&',
    '0',
    '12',
    '1234',
    '``',
    "''",
    '=',
    '~',
  ],
  ...[
    'a',
    'b',
    'ab',
    'A',
    'the',
    'The',
    'internationalization',
    'x'.repeat(15),
    'x'.repeat(16),
    'y'.repeat(130),
  ],
];

/** Reproducible: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function* spoiledTexts(seed: number, count: number): Iterable<string> {
  const random = randomOf(seed);
  for (let i = 0; i < count; i++) {
    let text = '';
    for (let parts = random() * 8; parts > 0; parts--) {
      text += random() < 0.45 ? ' ' : SPOILERS[Math.floor(random() * SPOILERS.length)]!;
    }
    yield text;
  }
}

function* unicodeTexts(seed: number, count: number): Iterable<string> {
  const random = randomOf(seed);
  const tops = [0x80, 0x250, 0x800, 0x3100, 0x10000, 0x20000, 0x110000];
  for (let i = 0; i < count; i++) {
    let text = '';
    for (let length = random() * 12; length > 0; length--) {
      const top = tops[Math.floor(random() * tops.length)]!;
      text += random() < 0.4 ? ' ' : String.fromCodePoint(Math.floor(random() * top));
    }
    yield text;
  }
}

/** Pairs of neighbours of every border. */
function* borderTexts(): Iterable<string> {
  for (const before of SPOILERS)
    for (const after of SPOILERS) yield `a${before} ${after}b${before} ${after} c ${before}${after}`;
}

/** Alone, between letters, on both sides of a space, doubled. */
function* codePointTexts(from: number, to: number): Iterable<string> {
  for (let codePoint = from; codePoint < to; codePoint++) {
    if (codePoint >= 0xd800 && codePoint < 0xe000) continue;
    const character = String.fromCodePoint(codePoint);
    yield character;
    yield `a${character}b ${character}a`;
    yield `a${character} b`;
    yield `a ${character}${character} ${character}`;
  }
}

/** Every code point on both sides of a space. */
function* neighbourTexts(): Iterable<string> {
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    if (codePoint === 0xd800) codePoint = 0xe000;
    const character = String.fromCodePoint(codePoint);
    yield `a${character} ${character}b`;
  }
}

describe.each(published)('%s', (_name, json) => {
  it('gives the readable ids for the borders of all neighbours, random text and random Unicode', {
    timeout: 120_000,
  }, () => {
    const pair = mustPair(json);
    expectEqual(pair, borderTexts());
    expectEqual(pair, spoiledTexts(1, 3000));
    expectEqual(pair, unicodeTexts(2, 3000));
    expectEqual(
      pair,
      normalizerCases.texts.filter((text) => text.length < 2000),
    );
    // Most of it is difficult on purpose; the rest was encoded in chunks.
    expect(pair.fast.counts.chunked).toBeGreaterThan(pair.fast.counts.whole / 4);
    expect(pair.fast.counts.misses).toBeGreaterThan(0);
  });

  it('gives the readable ids for every code point of the scripts of most text', { timeout: 120_000 }, () => {
    const pair = mustPair(json);
    const all = process.env.EVERY_CODE_POINT === '1';
    expectEqual(pair, codePointTexts(0, all ? 0x110000 : 0x3100));
    expect(pair.fast.counts.chunked).toBeGreaterThan(pair.fast.counts.whole);
  });

  it('encodes plain text in chunks only', () => {
    const pair = mustPair(json);
    const text = 'The quick brown fox, they say; jumps over "12" lazy dogs\' and Zürich — isn\'t it? ';
    expectEqual(pair, [text, text.trim(), `${text}${text}\n`, `  ${text}`]);
    expect(pair.fast.counts.whole).toBe(0);
    expect(pair.fast.counts.chunked).toBe(8);
  });
});

it('gives the readable ids for every code point', { timeout: 300_000 }, () => {
  const pair = mustPair({ ...PUBLISHED['BERT, uncased']!, model: REVEALING });
  expectEqual(pair, neighbourTexts());
  expect(pair.fast.counts.chunked).toBeGreaterThan(2 * 1_112_000);
});

describe('normalizers of the fixtures', () => {
  it('give the readable ids if they have a fast path', { timeout: 120_000 }, () => {
    let pairs = 0;
    let chunked = 0;
    for (const { normalizer } of normalizerCases.cases) {
      for (const pre of [sequence(METASPACE, BYTES), GPT2]) {
        const pair = pairOf({ normalizer, pre_tokenizer: pre, model: REVEALING });
        if (pair === undefined) continue;
        pairs++;
        expectEqual(
          pair,
          normalizerCases.texts.filter((text) => text.length < 2000),
        );
        expectEqual(pair, spoiledTexts(pairs, 400));
        chunked += pair.fast.counts.chunked;
      }
    }
    expect(pairs).toBeGreaterThan(40);
    expect(chunked).toBeGreaterThan(pairs * 200);
  });
});

describe('sequences of any two pre-tokenizers', () => {
  const steps: readonly Json[] = [
    { type: 'BertPreTokenizer' },
    { type: 'Whitespace' },
    { type: 'WhitespaceSplit' },
    METASPACE,
    { ...METASPACE, prepend_scheme: 'always' },
    { type: 'CharDelimiterSplit', delimiter: ' ' },
    { type: 'CharDelimiterSplit', delimiter: 'a' },
    { type: 'Digits', individual_digits: false },
    { type: 'Punctuation', behavior: 'Contiguous' },
    GPT2,
    { ...GPT2, add_prefix_space: true },
    ...['Isolated', 'Removed', 'MergedWithNext'].flatMap((behavior) => [
      split('\\s', behavior),
      split(' ?[^ ]+', behavior),
      split('\\s\\s+a', behavior),
      split('\\s{2,}', behavior, true),
    ]),
  ];

  it.each([
    ['an ideograph is followed by a space', bert()],
    ['a control character becomes a space', { type: 'Nmt' }],
  ])('give the readable ids if %s', { timeout: 120_000 }, (_, normalizer) => {
    const texts = ['\u4e00 \u4e00', '\u4e00  ab \u4e00 a\u4e00 12', 'a\u200b ab  b', ...spoiledTexts(5, 25)];
    let pairs = 0;
    for (const first of steps) {
      for (const second of steps) {
        const pair = pairOf({ normalizer, pre_tokenizer: sequence(first, second, BYTES), model: REVEALING });
        if (pair === undefined) continue;
        pairs++;
        expectEqual(pair, texts);
      }
    }
    expect(pairs).toBeGreaterThan(150);
  });
});

describe('pipelines of the fixtures', () => {
  it('give the readable ids and errors if they have a fast path', { timeout: 120_000 }, () => {
    const lines = read('../fixtures/pipeline-cases.jsonl').trimEnd().split('\n');
    let pairs = 0;
    let chunked = 0;
    for (const line of lines) {
      const { tokenizer, texts } = JSON.parse(line) as { tokenizer: Json; texts?: Json };
      const pair = pairOf(tokenizer);
      if (pair === undefined) continue;
      pairs++;
      const own = Object.keys(texts ?? {});
      expectEqual(pair, own);
      expectEqual(
        pair,
        own.map((text) => `${text} ${text}`),
      );
      expectEqual(pair, own, { maxTokens: 2, dropUnknown: true });
      expectEqual(pair, spoiledTexts(pairs, 300), { dropUnknown: true });
      expectEqual(pair, unicodeTexts(pairs, 300), { maxTokens: 3 });
      chunked += pair.fast.counts.chunked;
    }
    expect(pairs).toBeGreaterThan(10);
    expect(chunked).toBeGreaterThan(pairs * 300);
  });
});

const FLAGS = { id: 0, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
const WORDS: Json = {
  normalizer: bert(),
  pre_tokenizer: { type: 'BertPreTokenizer' },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: Object.fromEntries(
      ['[UNK]', 'a', 'b', '##a', '##b', 'new', 'york', '##y', '[', ']', '.', ','].map((t, i) => [t, i]),
    ),
  },
};

describe('added tokens', () => {
  const json = {
    ...WORDS,
    added_tokens: [
      { ...FLAGS, content: '[MASK]', lstrip: true, rstrip: true },
      { ...FLAGS, content: 'New York', normalized: true, single_word: true },
      { ...FLAGS, content: 'b a' },
      { ...FLAGS, content: '.b', single_word: true },
      { ...FLAGS, content: 'X Ú' },
    ],
  };

  it('are found anywhere, even across chunks', () => {
    const pair = mustPair(json);
    const parts = [
      '[MASK]',
      'New York',
      'new',
      ' york',
      'b a',
      'X Ú',
      ' YORK',
      'b',
      'a',
      '.b',
      '.',
      ' ',
      ' ',
      '[',
      'MASK',
      '_',
      'x',
      'é',
      ',',
    ];
    const random = randomOf(7);
    const texts = Array.from({ length: 5000 }, () =>
      Array.from({ length: random() * 7 }, () => parts[Math.floor(random() * parts.length)]!).join(''),
    );
    expectEqual(pair, texts);
    expect(pair.fast.counts.whole).toBeGreaterThan(1000);
    expect(pair.fast.counts.chunked).toBeGreaterThan(1000);
  });

  it('prevent a fast path if any chunk could end one', () => {
    expect(pairOf({ ...WORDS, added_tokens: [{ ...FLAGS, content: 'a ' }] })).toBeUndefined();
  });
});

describe('words of ASCII letters and digits', () => {
  const words = ['word', 'Two', 'two words', 'a-b', '9', 'WORD', 'x', ' ', '-', 'Two words', 'b', 'y9Y', 'é'];

  it.each([
    ['lowercases', bert(), []],
    ['keeps case', bert({ lowercase: false, strip_accents: true }), []],
    ['has a token of letters', bert(), ['word']],
    ['has a token of letters in another case', bert({ lowercase: false }), ['Two', '9']],
    ['has a token with a space', bert(), ['two words']],
    ['has a token of letters once normalized', bert(), ['Wörd']],
    ['has a token of other characters', bert(), ['a-b', '[x]']],
    ['changes letters', normalizers({ type: 'Lowercase' }, { type: 'Nmt' }, { type: 'NFKC' }), ['-x-']],
  ])('have the readable ids if a pipeline %s', (_, normalizer, contents) => {
    const pair = mustPair({
      normalizer,
      pre_tokenizer: { type: 'BertPreTokenizer' },
      model: REVEALING,
      added_tokens: contents.flatMap((content) => [
        { ...FLAGS, content },
        { ...FLAGS, content: `${content}?`, normalized: true },
      ]),
    });
    const random = randomOf(9);
    const texts = Array.from({ length: 2000 }, () =>
      Array.from({ length: random() * 7 }, () => words[Math.floor(random() * words.length)]!).join(''),
    );
    expectEqual(pair, texts);
    expect(pair.fast.counts.chunked).toBeGreaterThan(1000);
  });
});

describe('options', () => {
  const pair = mustPair(WORDS);
  const texts = [...spoiledTexts(3, 500), '', 'a', 'a b', 'x a b x'];

  it.each([
    { maxTokens: 0 },
    { maxTokens: 1 },
    { maxTokens: 4, dropUnknown: true },
    { dropUnknown: true },
    { maxTokens: null, dropUnknown: false },
    { maxTokens: 2 ** 40 },
  ])('%j have their usual meaning', (options) => {
    expectEqual(pair, texts, options);
    const { fast, readable } = pair;
    expect(fast.encodeBatch(texts, options)).toEqual(readable.encodeBatch(texts, options));
    const [got, expected] = [new TokenBuffer(1), new TokenBuffer(1)];
    for (const text of texts) {
      fast.encodeInto(text, got, options);
      readable.encodeInto(text, expected, options);
    }
    expect(got.toIds()).toEqual(expected.toIds());
  });

  it('are validated as usual', () => {
    for (const call of [
      (tokenizer: Tokenizer) => tokenizer.encode('a', { maxTokens: -1 }),
      (tokenizer: Tokenizer) => tokenizer.encodeBatch(['a', 'b'], { maxTokens: 1.5 }),
      (tokenizer: Tokenizer) => tokenizer.encode(undefined as unknown as string),
      (tokenizer: Tokenizer) => tokenizer.encodeBatch(['a', 5 as unknown as string]),
    ]) {
      expect(() => call(pair.readable)).toThrow(TokenizerError);
      expect(() => call(pair.fast)).toThrow(TokenizerError);
    }
    expect(pair.fast.encodeBatch([], { maxTokens: -1 }).ids.length).toBe(0);
  });
});

describe('errors', () => {
  const json = {
    pre_tokenizer: { type: 'WhitespaceSplit' },
    model: { type: 'WordLevel', vocab: { a: 0, b: 1 }, unk_token: '?' },
  };

  it('are those of the readable pipeline, and leave the sink unchanged', () => {
    const pair = mustPair(json);
    expectEqual(pair, ['a b', 'a c', 'c', 'a b c', 'b a', 'd c', '']);
    const sink = new TokenBuffer();
    pair.fast.encodeInto('b a', sink);
    expect(() => pair.fast.encodeInto('a c', sink)).toThrow(/"c"/);
    expect([...sink.toIds()]).toEqual([1, 0]);
    expect(() => pair.fast.encodeBatch(['a', 'b', 'a x', 'b'])).toThrow(/"x"/);
  });
});

it('does not cut before a character that composes with a following stroke', () => {
  const pair = mustPair({
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: { type: 'WordLevel', vocab: { '?': 0, 'a\u226e': 1, '<': 2, a: 3 }, unk_token: '?' },
  });
  expectEqual(pair, ['a<\u0338', 'a=\u0338b', 'a>\u0338', 'a<', '\ufe20<\u0338']);
  expect([...pair.fast.encode('a<\u0338')]).toEqual([1]);
});

describe('long input', () => {
  const pair = mustPair({ ...PUBLISHED['GPT-2']!, model: REVEALING });
  const words = [...spoiledTexts(5, 4000)].map((text) => text.replaceAll('\0', ' ')).join(' w ');
  const plain = 'some words, and more of them; '.repeat(20_000);

  it('is encoded in parts', () => {
    const before = pair.fast.counts.chunked;
    expectEqual(pair, [plain, `é ${plain}`, `${plain}${plain}`]);
    expectEqual(pair, [plain, plain], { maxTokens: 100_000 });
    expect(pair.fast.counts.chunked).toBe(before + 10);
  });

  it('is encoded as a whole if parts are not possible', () => {
    expectEqual(pair, [
      words.repeat(3),
      'x'.repeat(200_000),
      `${'x'.repeat(200_000)} ${plain}`,
      ' '.repeat(200_000),
    ]);
  });

  it('comes in batches of any size', () => {
    const texts = [
      ...spoiledTexts(6, 9000),
      plain,
      '',
      ...unicodeTexts(7, 3000),
      'x'.repeat(70_000),
      'a',
      '',
    ];
    expect(pair.fast.encodeBatch(texts)).toEqual(pair.readable.encodeBatch(texts));
  });

  it('is appended to the contents of a caller’s memory, in both paths', () => {
    const texts = [...spoiledTexts(8, 3000), '', plain.slice(0, 70_000), 'a'];
    const batch = pair.readable.encodeBatch(texts);
    for (const tokenizer of [pair.fast, pair.readable]) {
      const sink = new TokenBuffer(2);
      tokenizer.encodeInto('first', sink);
      const start = sink.length;
      const offsets = new Uint32Array(texts.length + 3);
      tokenizer.encodeBatchInto(texts, sink, offsets);
      expect(sink.toIds().subarray(start)).toEqual(batch.ids);
      expect(offsets.subarray(0, texts.length + 1)).toEqual(batch.offsets.map((offset) => start + offset));
    }
  });
});
