import { describe, expect, it } from 'vitest';
import { NormalizedText } from '../normalized-text.js';
import { BertNormalizer } from './bert-normalizer.js';
import { toByteLevel } from './byte-level.js';
import type { Normalizer } from './normalizer.js';
import { Precompiled } from './precompiled.js';
import { Prepend } from './prepend.js';
import { Replace } from './replace.js';
import { Sequence } from './sequence.js';
import { Strip } from './strip.js';
import { StripAccents } from './strip-accents.js';
import { UnicodeForm } from './unicode-form.js';

const bert = new BertNormalizer({
  cleansText: true,
  separatesChinese: true,
  stripsAccents: true,
  lowercases: true,
});
// A trie of one word without a leaf: all clusters are searched, none is replaced.
const precompiled = new Precompiled(btoa(`\x00\x04\x00\x00${'\x00'.repeat(1024)}`), '$');

const normalizers: Record<string, Normalizer> = {
  NFC: new UnicodeForm('NFC'),
  NFKD: new UnicodeForm('NFKD'),
  BertNormalizer: bert,
  Precompiled: precompiled,
  'StripAccents, Strip and ByteLevel': new Sequence([
    new StripAccents(),
    new Strip(true, true),
    { normalize: toByteLevel },
  ]),
  // An insertion aligned with an empty range makes the rest slow. With the mark at the end the reference does not fail.
  'Prepend, Replace and StripAccents': new Sequence([
    new Prepend(''),
    new Replace({ findAll: (text) => [text.length, text.length] }, '\u0301'),
    new StripAccents(),
  ]),
};

/** Texts of any length, each the worst case of some step. */
const texts: Record<string, (length: number) => string> = {
  'marks in the wrong order': (length) => `a${'\u0301\u0316'.repeat(length / 2)}`,
  'all marks of the highest class first': (length) =>
    '\u0345'.repeat(length / 2) + '\u0334'.repeat(length / 2),
  'marks that decompose': (length) => '\u0344\u0f73'.repeat(length / 2),
  'marks that no version knows': (length) => '\u0301\u{1fff0}\u0316'.repeat(length / 4),
  jamo: (length) => '\u1100\u1161\u11a8'.repeat(length / 3),
  'leading consonants': (length) => '\u1100'.repeat(length),
  'consonants and linkers': (length) => '\u0915\u094d'.repeat(length / 2),
  'pictographs and joiners': (length) => '\u263a\u200d'.repeat(length / 2),
  'regional indicators': (length) => '\u{1f1e9}'.repeat(length / 2),
  'characters that join what follows': (length) => '\u0600'.repeat(length),
  brackets: (length) => '['.repeat(length),
  'white space': (length) => '\u3000'.repeat(length),
  'control characters': (length) => '\u0001'.repeat(length),
  ligatures: (length) => '\ufdfa'.repeat(length),
  ideographs: (length) => '\u{20000}'.repeat(length / 2),
};

/** Processor time: on a busy machine a long run loses more of its time to other programs than a short one. */
function milliseconds(normalizer: Normalizer, text: string): number {
  const start = process.cpuUsage();
  normalizer.normalize(NormalizedText.of(text));
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

const LENGTH = 1 << 20;

describe.each(Object.keys(normalizers))('%s', (name) => {
  it.each(Object.keys(texts))('takes time proportional to the length of %s', { timeout: 60_000 }, (kind) => {
    const normalizer = normalizers[name]!;
    const textOf = texts[kind]!;
    // A linear step takes four times as long for four times the text, a quadratic one sixteen times. A busy machine may
    // disturb a run, so one good run of three is enough.
    let ratio = Number.POSITIVE_INFINITY;
    for (let run = 0; run < 3 && ratio > 9; run++) {
      const quarter = milliseconds(normalizer, textOf(LENGTH / 4));
      ratio = Math.min(ratio, milliseconds(normalizer, textOf(LENGTH)) / Math.max(quarter, 20));
    }
    expect(ratio).toBeLessThan(9);
  });
});
