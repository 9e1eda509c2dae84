import { expect, it } from 'vitest';
import { loadTokenizer } from '../load-tokenizer.js';

const model = { type: 'WordLevel', vocab: { a: 0, b: 1, '?': 2 }, unk_token: '?' };
const METASPACE = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'first', split: true };
const WORDS = { type: 'WhitespaceSplit' };
const FLAGS = { id: 0, single_word: false, lstrip: false, rstrip: false, normalized: false, special: false };
const split = (regex: string, behavior: string, invert = false) => ({
  type: 'Split',
  pattern: { Regex: regex },
  behavior,
  invert,
});
const sequence = (...pretokenizers: readonly object[]) => ({
  pre_tokenizer: { type: 'Sequence', pretokenizers },
});

it.each([
  ['a pre-tokenizer', {}],
  ['a cut at spaces', { pre_tokenizer: { type: 'Punctuation' } }],
  ['a cut of Metaspace', { pre_tokenizer: { ...METASPACE, split: false } }],
  [
    'a regex of ByteLevel',
    { pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false } },
  ],
  [
    'pieces that do not depend on their number of characters',
    sequence({ type: 'FixedLength', length: 3 }, WORDS),
  ],
  ['pieces that do not depend on scripts', sequence({ type: 'UnicodeScripts' }, WORDS)],
  ['a first piece for the scheme "first"', sequence(WORDS, METASPACE)],
  ['a pattern that leaves nothing unmatched', { pre_tokenizer: split('a', 'Isolated') }],
  ['a pattern that matches no further than a border', sequence(split('a b', 'Isolated'), WORDS)],
  ['matches that stay apart', { pre_tokenizer: split('\\s|\\S+', 'Contiguous') }],
  ['matches that do not join what comes before', { pre_tokenizer: split('\\s', 'MergedWithPrevious') }],
  [
    'matches that join, rather than what is between them',
    { pre_tokenizer: split('\\s', 'MergedWithNext', true) },
  ],
  ['a beginning that stays', { pre_tokenizer: WORDS, normalizer: { type: 'Prepend', prepend: 'a' } }],
  [
    'a beginning that is not stripped',
    { pre_tokenizer: WORDS, normalizer: { type: 'Strip', strip_left: true, strip_right: false } },
  ],
  [
    'spaces',
    { pre_tokenizer: WORDS, normalizer: { type: 'Replace', pattern: { String: ' ' }, content: '▁' } },
  ],
  ['bytes that stay characters', { pre_tokenizer: WORDS, normalizer: { type: 'ByteLevel' } }],
  [
    'a replacement within words',
    { pre_tokenizer: WORDS, normalizer: { type: 'Replace', pattern: { String: 'a b' }, content: 'b' } },
  ],
  [
    'a replacement that looks no further',
    { pre_tokenizer: WORDS, normalizer: { type: 'Replace', pattern: { Regex: '\\s+$' }, content: '' } },
  ],
  [
    'added tokens that end in no space',
    { pre_tokenizer: WORDS, added_tokens: [{ ...FLAGS, content: 'a ' }] },
  ],
])('no fast path without %s', (_, parts) => {
  expect(loadTokenizer({ ...parts, model }).path).toBe('readable');
});

it.each([
  ['white space', { pre_tokenizer: WORDS }],
  ['spaces only', { pre_tokenizer: { type: 'CharDelimiterSplit', delimiter: ' ' } }],
  ['Metaspace', { pre_tokenizer: METASPACE }],
  ['words, then Metaspace', sequence(WORDS, { ...METASPACE, prepend_scheme: 'always' })],
  [
    'digits, then words, then what only sees words',
    sequence({ type: 'Digits', individual_digits: true }, WORDS, { type: 'UnicodeScripts' }),
  ],
  ['matches joined to what comes next', { pre_tokenizer: split('\\s', 'MergedWithNext') }],
  ['matches alone', { pre_tokenizer: split('\\s|\\S+', 'Removed', true) }],
  [
    'an end that is stripped',
    { pre_tokenizer: WORDS, normalizer: { type: 'Strip', strip_left: false, strip_right: true } },
  ],
  [
    'a short replacement',
    { pre_tokenizer: WORDS, normalizer: { type: 'Replace', pattern: { Regex: ' {2,}' }, content: ' ' } },
  ],
])('a fast path for %s', (_, parts) => {
  expect(loadTokenizer({ ...parts, model }).path).toBe('fast');
  expect(loadTokenizer({ ...parts, model }, { path: 'readable' }).path).toBe('readable');
});
