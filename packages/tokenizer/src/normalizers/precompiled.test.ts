import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NormalizedText } from '../normalized-text.js';
import { MalformedTokenizerError, TokenizerError } from '../tokenizer-error.js';
import { Precompiled } from './precompiled.js';

const PATH = '$.normalizer.precompiled_charsmap';

function base64(bytes: Iterable<number>): string {
  return btoa(String.fromCharCode(...bytes));
}

function charsmap(words: readonly number[], replacements: string): string {
  const trie = new Uint8Array(4 * (words.length + 1));
  const view = new DataView(trie.buffer);
  for (const [i, word] of [4 * words.length, ...words].entries()) view.setUint32(4 * i, word, true);
  return base64([...trie, ...new TextEncoder().encode(replacements)]);
}

function outcome(map: string, text: string): string {
  const normalized = NormalizedText.of(text);
  new Precompiled(map, PATH).normalize(normalized);
  return normalized.text;
}

describe('Precompiled', () => {
  it('uses the mapping of the shortest prefix of a cluster, and drops the rest of the cluster', () => {
    // The root leads to word 0x61 ^ 0x80, whose leaf is word 0x100.
    const words = new Array<number>(0x200).fill(0);
    words[0] = 0x80 << 10;
    words[0x61 ^ 0x80] = ((0x61 ^ 0x80 ^ 0x100) << 10) | (1 << 8) | 0x61;
    words[0x100] = 1;
    const map = charsmap(words, 'xyz\0more');
    expect(outcome(map, 'ab')).toBe('yzb');
    expect(outcome(map, 'a\u0301b')).toBe('yzb');
    expect(outcome(map, 'a\u0301\u0301\u0301b')).toBe('yz\u0301\u0301\u0301b');
  });

  // tokenizers 0.23.3 refuses each.
  it.each([
    ['', 'four bytes of size'],
    ['AAAA', 'four bytes of size'],
    [base64([8, 0, 0, 0, 0, 0, 0, 0]), 'a trie of 2 words in 8 bytes'],
    [base64([255, 255, 255, 255]), 'a trie of 1073741823 words in 4 bytes'],
    [base64([0, 0, 0, 0, 0xff]), 'UTF-8'],
    ['AAAAAB==', 'base64'],
    ['AAAA\nAA==', 'base64'],
    ['AAAAA', 'base64'],
  ])('refuses the charsmap %j at load', (map, problem) => {
    const load = (): Precompiled => new Precompiled(map, PATH);
    expect(load).toThrow(MalformedTokenizerError);
    expect(load).toThrow(problem);
    expect(load).toThrow(expect.objectContaining({ path: PATH }));
  });

  // tokenizers 0.23.3 accepts each.
  it.each(['AAAAAA==', 'AAAAAA=', 'AAAAAA', 'AwAAAGFiYwA='])('loads the charsmap %j', (map) => {
    expect(outcome(map, '')).toBe('');
  });

  it('refuses a text whose search leaves the trie, where the reference panics', () => {
    expect(() => outcome('AAAAAA==', 'a')).toThrow(MalformedTokenizerError);
    expect(() => outcome(charsmap([1 << 20], ''), 'a')).toThrow(/points to word/);
  });

  it('refuses a text whose replacement lies outside the file or inside a character', () => {
    const words = new Array<number>(0x200).fill(0);
    words[0] = 0x80 << 10;
    words[0x61 ^ 0x80] = ((0x61 ^ 0x80 ^ 0x100) << 10) | (1 << 8) | 0x61;
    words[0x100] = 3;
    expect(() => outcome(charsmap(words, 'é'), 'a')).toThrow(/points to byte 3 of 2/);
    words[0x100] = 1;
    expect(() => outcome(charsmap(words, 'é'), 'a')).toThrow(MalformedTokenizerError);
    words[0x100] = 2;
    expect(outcome(charsmap(words, 'é'), 'ba')).toBe('b');
  });

  it('gives a text or its own error for any bytes', () => {
    const words = fc.array(fc.integer({ min: 0, max: 0xffff_ffff }), { maxLength: 300 });
    fc.assert(
      fc.property(words, fc.string({ unit: 'binary', maxLength: 20 }), (trie, text) => {
        try {
          expect(typeof outcome(charsmap(trie, 'a\0é\0'), text)).toBe('string');
        } catch (error) {
          expect(TokenizerError.isInstance(error)).toBe(true);
        }
      }),
    );
  });
});
