import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import type { Tokenizer } from './tokenizer.js';

const FLAGS = { id: 0, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
const ADDED = [
  { ...FLAGS, content: '[MASK]', lstrip: true, rstrip: true },
  { ...FLAGS, content: '[[[[[[[[[[x', normalized: true },
  { ...FLAGS, content: '<s>', single_word: true, lstrip: true },
  { ...FLAGS, content: '\u00a0', rstrip: true },
];
const BERT = {
  type: 'BertNormalizer',
  clean_text: true,
  handle_chinese_chars: true,
  strip_accents: true,
  lowercase: true,
};
const GPT4 =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
const LETTERS = ['[UNK]', 'a', 'b', 'ab', '##a', '##b', '[', '##[', '▁', ' ', '\u0301', 'Ġ', 'é', 'Ì', 'ģ'];
const VOCABULARY = Object.fromEntries(LETTERS.map((token, id) => [token, id]));

/** Pipelines of every model with the normalizers and pre-tokenizers of published models, and some others. */
const PIPELINES: Readonly<Record<string, object>> = {
  WordPiece: {
    normalizer: BERT,
    pre_tokenizer: { type: 'BertPreTokenizer' },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 10_000_000,
      vocab: VOCABULARY,
    },
  },
  Unigram: {
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKC' },
        { type: 'Replace', pattern: { Regex: ' {2,}' }, content: '▁' },
        { type: 'Strip', strip_left: true, strip_right: true },
      ],
    },
    pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true },
    model: { type: 'Unigram', unk_id: 0, vocab: LETTERS.map((token, id) => [token, -id]) },
  },
  'byte-level BPE': {
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: GPT4 }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    model: { type: 'BPE', vocab: VOCABULARY, merges: [['a', 'b']] },
  },
  'GPT-2 BPE': {
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true },
    model: { type: 'BPE', vocab: VOCABULARY, merges: [['a', 'b']], unk_token: '[UNK]', fuse_unk: true },
  },
  WordLevel: {
    normalizer: {
      type: 'Sequence',
      normalizers: [{ type: 'NFD' }, { type: 'StripAccents' }, { type: 'Lowercase' }],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Whitespace' },
        { type: 'Punctuation', behavior: 'Contiguous' },
        { type: 'Digits', individual_digits: true },
        { type: 'UnicodeScripts' },
      ],
    },
    model: { type: 'WordLevel', vocab: VOCABULARY, unk_token: '[UNK]' },
  },
};

/** Texts of `length` UTF-16 units. */
const TEXTS: Readonly<Record<string, (length: number) => string>> = {
  brackets: (length) => '['.repeat(length),
  'combining marks': (length) => `a${'\u0301'.repeat(length - 1)}`,
  'combining marks out of order': (length) => `a${'\u0301\u0316'.repeat(length / 2)}`,
  'one word': (length) => 'ab'.repeat(length / 2),
  'one word of unknown letters': (length) => 'ж'.repeat(length),
  spaces: (length) => ' '.repeat(length),
  'tokens of white space': (length) => '\u00a0'.repeat(length),
  'spaces between tokens that strip them': (length) => `[MASK]${' '.repeat(length - 12)}[MASK]`,
  'a token that is no word, again and again': (length) => ' <s>a'.repeat(length / 5),
  'line breaks': (length) => '\n'.repeat(length),
  digits: (length) => '1'.repeat(length),
  'characters beyond the first plane': (length) => '𝟘😀'.repeat(length / 4),
};

const LENGTH = 1_000_000;

/** Seconds of processor time: on a busy machine a long run loses more of its time to other programs than a short one. */
function secondsFor(tokenizer: Tokenizer, text: string): number {
  const start = process.cpuUsage();
  tokenizer.encode(text);
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** The least of several runs, because garbage collection disturbs each. */
function leastSecondsFor(tokenizer: Tokenizer, text: string): number {
  return Math.min(...[1, 2, 3].map(() => secondsFor(tokenizer, text)));
}

describe.each(Object.entries(PIPELINES))(
  '%s takes time proportional to the text',
  { timeout: 120_000 },
  (_, json) => {
    const tokenizer = loadTokenizer({ added_tokens: ADDED, ...json });

    it.each(Object.entries(TEXTS))('of %s', (_name, textOf) => {
      const text = textOf(LENGTH);
      const whole = secondsFor(tokenizer, text);
      expect(whole).toBeLessThan(20);
      // Quadratic work takes 16 times as long for 4 times the text, which is minutes here.
      if (whole < 0.5) return;
      const quarter = leastSecondsFor(tokenizer, textOf(LENGTH / 4));
      if (whole / quarter >= 8) expect(leastSecondsFor(tokenizer, text) / quarter).toBeLessThan(8);
    });
  },
);
