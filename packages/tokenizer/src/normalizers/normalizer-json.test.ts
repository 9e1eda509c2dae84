import { describe, expect, it } from 'vitest';
import { NormalizedText } from '../normalized-text.js';
import { compileOnigurumaPattern } from '../oniguruma/oniguruma-pattern.js';
import { MalformedTokenizerError, UnsupportedTokenizerError } from '../tokenizer-error.js';
import type { Normalizer } from './normalizer.js';
import { readNormalizer } from './normalizer-json.js';

const PATH = '$.normalizer';

function read(value: unknown): Normalizer {
  return readNormalizer(value, PATH, compileOnigurumaPattern);
}

function outcome(value: unknown, text: string): string {
  const normalized = NormalizedText.of(text);
  read(value).normalize(normalized);
  return normalized.text;
}

const BERT = { clean_text: true, handle_chinese_chars: true, lowercase: true };

describe('readNormalizer', () => {
  // tokenizers 0.23.3 accepted each and returned the text on the right.
  it.each([
    [{ ...BERT, type: 'BertNormalizer' }, 'É\u0000中', 'e 中 '],
    [{ ...BERT, type: 'BertNormalizer', strip_accents: false }, 'É', 'é'],
    [{ ...BERT, type: 'BertNormalizer', lowercase: false }, 'É', 'É'],
    [{ ...BERT, type: 'BertNormalizer', lowercase: false, strip_accents: true }, 'É', 'E'],
    [{ ...BERT, type: 'Bert', strip_accents: null }, 'É', 'e'],
    [BERT, 'É', 'e'],
    [{ ...BERT, type: 'Anything' }, 'É', 'e'],
    [{ strip_left: true, strip_right: false }, ' a ', 'a '],
    [{ type: 'StripNormalizer', strip_left: false, strip_right: true }, ' a ', ' a'],
    [{ normalizers: [{ type: 'Lowercase' }], type: 'BertNormalizer' }, 'A', 'a'],
    [{ type: 'NFC', unknown: 1 }, 'e\u0301', 'é'],
    [{ pattern: { String: 'a' }, content: 'b' }, 'aa', 'bb'],
    [{ type: 'Replace', pattern: { String: '' }, content: '-' }, 'ab', '-a-b-'],
    [{ type: 'Replace', pattern: { String: '.' }, content: '-' }, 'a.b', 'a-b'],
    [{ type: 'Replace', pattern: { Regex: '.' }, content: '-' }, 'a.b', '---'],
    [{ prepend: 'x' }, 'a', 'xa'],
  ])('reads %j like the reference', (value, text, expected) => {
    expect(outcome(value, text)).toBe(expected);
  });

  it.each([
    [{ type: 'Bert', clean_text: true }, `${PATH}.lowercase`],
    [{ type: 'BertNormalizer', clean_text: true, lowercase: true }, `${PATH}.handle_chinese_chars`],
    [{ ...BERT, type: 'BertNormalizer', strip_accents: 1 }, `${PATH}.strip_accents`],
    [{ type: 'Strip' }, `${PATH}.strip_left`],
    [{ type: 'Strip', strip_left: true, strip_right: 'yes' }, `${PATH}.strip_right`],
    [{}, `${PATH}.type`],
    [{ type: null }, `${PATH}.type`],
    ['NFC', PATH],
    [1, PATH],
    [{ type: 'Sequence' }, `${PATH}.normalizers`],
    [{ type: 'Sequence', normalizers: { type: 'NFC' } }, `${PATH}.normalizers`],
    [{ type: 'Sequence', normalizers: [{ type: 'NFC' }, null] }, `${PATH}.normalizers[1]`],
    [{ type: 'Replace', pattern: 'a', content: 'b' }, `${PATH}.pattern`],
    [{ type: 'Replace', pattern: { String: 'a', Regex: 'b' }, content: 'b' }, `${PATH}.pattern`],
    [{ type: 'Replace', pattern: { Text: 'a' }, content: 'b' }, `${PATH}.pattern`],
    [{ type: 'Replace', pattern: { String: 'a' } }, `${PATH}.content`],
    [{ type: 'Prepend' }, `${PATH}.prepend`],
    [{ type: 'Precompiled' }, `${PATH}.precompiled_charsmap`],
    [{ type: 'Precompiled', precompiled_charsmap: null }, `${PATH}.precompiled_charsmap`],
  ])('refuses %j like the reference, and names the position', (value, path) => {
    expect(() => read(value)).toThrow(expect.objectContaining({ path }));
    expect(() => read(value)).toThrow(MalformedTokenizerError);
  });

  it('refuses a type that the reference does not know by its name', () => {
    const value = { type: 'Sequence', normalizers: [{ type: 'Uppercase' }] };
    expect(() => read(value)).toThrow(UnsupportedTokenizerError);
    expect(() => read(value)).toThrow(
      expect.objectContaining({ path: `${PATH}.normalizers[0]`, componentType: 'Uppercase' }),
    );
  });
});
