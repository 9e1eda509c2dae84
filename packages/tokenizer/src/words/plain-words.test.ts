import { describe, expect, it } from 'vitest';
import { readAddedTokens } from '../added-token.js';
import { AddedVocabulary } from '../added-vocabulary.js';
import { ALL_COMPONENTS } from '../all-components.js';
import { chunkRuleOf } from '../fast/chunk-rule.js';
import { NormalizedText } from '../normalized-text.js';
import { type PlainWords, plainWordsOf } from './plain-words.js';

type Json = Readonly<Record<string, unknown>>;

function plainWords(pre_tokenizer: Json, normalizer: Json | null = null, tokens: readonly string[] = []) {
  const { readModel, readNormalizer, readPreTokenizer } = ALL_COMPONENTS;
  const model = readModel({ type: 'WordLevel', vocab: { '?': 0 }, unk_token: '?' }, '$.model');
  const file = { normalizer, pre_tokenizer };
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
  const added = readAddedTokens(
    tokens.map((content, i) => ({ id: i + 1, content, ...flags })),
    '$.added_tokens',
  );
  const parts = {
    textOf: NormalizedText.of,
    addedTokens: new AddedVocabulary(added, '$.added_tokens', model, undefined, () => false),
    normalizer: normalizer === null ? undefined : readNormalizer(normalizer, '$.normalizer'),
    preTokenizer: readPreTokenizer(pre_tokenizer, '$.pre_tokenizer'),
    model,
  };
  const rule = chunkRuleOf(file, parts, ALL_COMPONENTS);
  if (rule === undefined) throw new TypeError('the pipeline has no chunks');
  return plainWordsOf(file, parts, rule);
}

/** The characters of chunks that are plain. */
function charactersOf(words: PlainWords | undefined): string {
  return [...(words?.kinds ?? [])].map((kind, code) => (kind > 0 ? String.fromCharCode(code) : '')).join('');
}

const ALL = String.fromCharCode(...Array.from({ length: 94 }, (_, i) => 0x21 + i));
const METASPACE: Json = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
const BYTES: Json = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const LOWERCASE: Json = { type: 'Lowercase' };
const replace = (pattern: Json, content: string): Json => ({ type: 'Replace', pattern, content });

it('knows the pieces of the pipelines that models have', () => {
  expect(plainWords({ type: 'BertPreTokenizer' }, LOWERCASE)).toMatchObject({
    lowercases: true,
    leads: { afterSpace: '', atStart: '', inside: '' },
  });
  const xlm = { type: 'Sequence', normalizers: [{ type: 'NFKC' }, replace({ Regex: ' {2,}' }, ' ')] };
  const words = plainWords(METASPACE, xlm, ['<s>', '<mask>']);
  expect(words).toMatchObject({ cuts: 0, leads: { afterSpace: '▁', atStart: '▁', inside: '' } });
  expect(charactersOf(words)).toBe(ALL.replace(/[<>]/g, ''));
  const gpt2 = plainWords(BYTES, null, ['<|endoftext|>']);
  expect(gpt2).toMatchObject({ lowercases: false, leads: { afterSpace: 'Ġ', atStart: '', inside: '' } });
  expect(charactersOf(gpt2)).toBe(ALL.replace(/['<|>]/g, ''));
});

it('knows where pieces end within a chunk', () => {
  const LETTER = 1;
  const DIGIT = 2;
  const MARK = 3;
  const cutsBetween = (json: Json, a: number, b: number) =>
    ((plainWords(json)?.cuts ?? 0) >> (4 * a + b - 5)) & 1;
  const whitespace: Json = { type: 'Whitespace' };
  expect([LETTER, DIGIT, MARK].map((kind) => cutsBetween(whitespace, LETTER, kind))).toEqual([0, 0, 1]);
  expect([LETTER, DIGIT, MARK].map((kind) => cutsBetween(BYTES, LETTER, kind))).toEqual([0, 1, 1]);
  expect(cutsBetween(whitespace, MARK, MARK)).toBe(0);
  expect(cutsBetween({ type: 'BertPreTokenizer' }, MARK, MARK)).toBe(1);
});

describe('leaves characters to the pipeline', () => {
  it('that added tokens or literal patterns have', () => {
    expect(charactersOf(plainWords(METASPACE, null, ['[X]', 'a-b']))).toBe(ALL.replace(/[[\]-]/g, ''));
    expect(charactersOf(plainWords(METASPACE, replace({ String: '``' }, '"')))).toBe(ALL.replace('`', ''));
    expect(charactersOf(plainWords(METASPACE, replace({ String: '  ' }, 'x')))).toBe(ALL);
  });

  it('all of them, if a token or a pattern could be in any word', () => {
    expect(plainWords(METASPACE, null, ['token'])).toBeUndefined();
    expect(plainWords(METASPACE, replace({ String: 'qu' }, 'k'))).toBeUndefined();
    expect(plainWords(METASPACE, replace({ Regex: '[0-9]+' }, '#'))).toBeUndefined();
  });

  it('all of them, if a step could cut or change them by more than their kind', () => {
    const split = { type: 'Split', pattern: { String: 'x' }, behavior: 'Isolated', invert: false };
    expect(plainWords({ type: 'Sequence', pretokenizers: [split, METASPACE] })).toBeUndefined();
    expect(plainWords({ type: 'CharDelimiterSplit', delimiter: ' ' })).toBeUndefined();
    const removal = { type: 'Punctuation', behavior: 'Removed' };
    const words = plainWords({ type: 'Sequence', pretokenizers: [removal, { type: 'WhitespaceSplit' }] });
    expect(words?.leads).toMatchObject({ afterSpace: undefined, atStart: undefined });
  });
});
