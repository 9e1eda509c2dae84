import { describe, expect, it } from 'vitest';
import { readAddedTokens } from '../added-token.js';
import { AddedVocabulary } from '../added-vocabulary.js';
import { ALL_COMPONENTS } from '../all-components.js';
import { readModel } from '../models/model-json.js';
import { NormalizedText } from '../normalized-text.js';
import { readPreTokenizer } from '../pre-tokenizers/pre-tokenizer-json.js';
import { TokenizerPipeline } from '../tokenizer-pipeline.js';
import { fastTokenizerOf } from './fast-path.js';

const file = {
  pre_tokenizer: { type: 'WhitespaceSplit' },
  model: {
    type: 'WordPiece',
    unk_token: '?',
    continuing_subword_prefix: '',
    max_input_chars_per_word: 200,
    vocab: Object.fromEntries([...'?abcdefghijklmnopqrstuvwxyz'].map((token, id) => [token, id])),
  },
};

/** Because of it the readable pipeline encodes each new word, which these tests count. */
const OF_LETTERS = {
  id: 27,
  content: 'zzz',
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  special: true,
};

function tokenizersWith(memoBits: number, added: readonly object[] = [OF_LETTERS]) {
  const model = readModel(file.model, '$.model');
  const preTokenizer = readPreTokenizer(file.pre_tokenizer, '$.pre_tokenizer', () => {
    throw new RangeError('it has no pattern');
  });
  const tokens = readAddedTokens(added, '$.added_tokens');
  const addedTokens = new AddedVocabulary(tokens, '$.added_tokens', model, undefined, () => false);
  const parts = { textOf: NormalizedText.of, addedTokens, normalizer: undefined, preTokenizer, model };
  const readable = new TokenizerPipeline(parts);
  return { readable, fast: fastTokenizerOf(file, parts, readable, ALL_COMPONENTS, memoBits)! };
}

/** Different words of letters, one per number. */
function wordOf(number: number, length: number): string {
  const digits = [...number.toString(26)].map((digit) =>
    String.fromCharCode(97 + Number.parseInt(digit, 26)),
  );
  return digits.join('').padStart(length, 'a');
}

describe('a full memo', () => {
  it.each([4, 6, 10])('starts over with %i bits of slots, and the ids stay the same', (bits) => {
    const { fast, readable } = tokenizersWith(bits);
    const slots = 1 << bits;
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < slots * 2; i++) {
        const text = `${wordOf(i, 3)} ${wordOf(i, 20)} common ${wordOf(i % 5, 1)}`;
        if (fast.encode(text).join() !== readable.encode(text).join()) expect(text).toBe('equal');
      }
    }
    expect(fast.counts.whole).toBe(0);
    expect(fast.counts.chunked).toBe(slots * 6);
    // Nearly every chunk but the common ones is forgotten before it repeats.
    expect(fast.counts.misses).toBeGreaterThan(slots * 9);
  });

  it('starts over while compiled code reads new words', () => {
    const { fast, readable } = tokenizersWith(6, []);
    for (let i = 0; i < 500; i++) {
      const text = `${wordOf(i, 3)} ${wordOf(i, 20)} common ${wordOf(i % 5, 1)}`;
      if (fast.encode(text).join() !== readable.encode(text).join()) expect(text).toBe('equal');
    }
    expect(fast.counts).toEqual({ chunked: 500, whole: 0, misses: 0 });
  });

  it('starts over when long chunks have filled its arena', { timeout: 60_000 }, () => {
    const { fast, readable } = tokenizersWith(17);
    const text = (i: number) => `a ${wordOf(i, 120)}`;
    for (let i = 0; i < 12_000; i++) {
      if (fast.encode(text(i)).join() !== readable.encode(text(i)).join()) expect(i).toBe('equal');
    }
    const { misses } = fast.counts;
    expect(misses).toBeGreaterThan(12_000);
    fast.encode(text(11_999));
    expect(fast.counts.misses).toBe(misses);
    fast.encode(text(0));
    expect(fast.counts.misses).toBeGreaterThan(misses);
  });
});

it('grows once, and keeps short chunks and forgets long ones', () => {
  const { fast, readable } = tokenizersWith(17);
  const texts = Array.from(
    { length: 9000 },
    (_, i) => `${wordOf(i, 3)} ${wordOf(i % 10, 30)} ${wordOf(i, 9)}`,
  );
  // Before the memo grows at its 10,240th chunk, during it, within a batch, and after it.
  for (const text of texts.slice(0, 3000)) {
    if (fast.encode(text).join() !== readable.encode(text).join()) expect(text).toBe('equal');
  }
  expect(fast.encodeBatch(texts)).toEqual(readable.encodeBatch(texts));
  const { misses } = fast.counts;
  expect(misses).toBe(9000 + 9000 + 10 + 10);
  for (const text of texts) fast.encode(text);
  expect(fast.counts.misses).toBe(misses);
  expect(fast.counts.whole).toBe(0);
});

it('remembers chunks of up to 128 bytes, and reads longer ones each time', () => {
  const { fast, readable } = tokenizersWith(10);
  for (const [length, isKept] of [
    [14, true],
    [15, true],
    [16, true],
    [17, true],
    [23, true],
    [24, true],
    [127, true],
    [128, false],
    [199, false],
  ] as const) {
    const text = `a ${wordOf(length, length)} b`;
    expect(fast.encode(text)).toEqual(readable.encode(text));
    const { misses } = fast.counts;
    expect(fast.encode(text)).toEqual(readable.encode(text));
    expect(fast.counts.misses - misses).toBe(isKept ? 0 : 1);
  }
});

it('stops cutting texts without repetition, and tries again later', () => {
  const { fast, readable } = tokenizersWith(17);
  let number = 0;
  const text = () => Array.from({ length: 12 }, () => wordOf(number++, 8)).join(' ');
  for (let i = 0; i < 15_000; i++) {
    const each = text();
    if (fast.encode(each).join() !== readable.encode(each).join()) expect(each).toBe('equal');
  }
  expect(fast.counts.whole).toBeGreaterThan(9000);
  const { chunked, whole } = fast.counts;
  const common = Array.from({ length: 15_000 }, (_, i) => `common words come again ${wordOf(i % 100, 5)}`);
  expect(fast.encodeBatch(common)).toEqual(readable.encodeBatch(common));
  for (let round = 0; round < 3; round++) fast.encodeBatch(common);
  expect(fast.counts.whole - whole).toBeLessThan(40_000);
  expect(fast.counts.chunked - chunked).toBeGreaterThan(15_000);
});
