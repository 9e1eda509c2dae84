import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NormalizedText } from '../normalized-text.js';
import { BertNormalizer, type BertNormalizerOptions } from '../normalizers/bert-normalizer.js';
import { ByteLevel } from '../normalizers/byte-level.js';
import { Lowercase } from '../normalizers/lowercase.js';
import { Nmt } from '../normalizers/nmt.js';
import type { Normalizer } from '../normalizers/normalizer.js';
import { Precompiled } from '../normalizers/precompiled.js';
import { StripAccents } from '../normalizers/strip-accents.js';
import type { CodePointSet } from './code-point-set.js';
import { CONTROL } from './control.js';
import type { NormalForm } from './engine-form.js';
import { toNormalForm } from './normal-form.js';
import { NUMERIC } from './numeric.js';
import { PUNCTUATION } from './punctuation.js';
import { ANY_SCRIPT, scriptOf } from './script.js';
import { WHITE_SPACE } from './white-space.js';
import { REGEX_SPACE, WORD } from './word.js';

interface Recorded {
  /** SHA-256 of what the reference answers for every code point, one answer a line. */
  readonly digests: Readonly<Record<string, string>>;
  /** The same for what {@link Recorded.charsmap} makes of a text, in which `?` stands for the code point. */
  readonly clusterDigests: Readonly<Record<string, string>>;
  /** SHA-256 of the forms of `a` and three of the marks, for all triples, one a line. */
  readonly triples: { readonly marks: string; readonly digests: Readonly<Record<NormalForm, string>> };
  /** Turns every character beyond ASCII into X, and every short cluster that begins with one. */
  readonly charsmap: string;
}

const { digests, clusterDigests, triples, charsmap }: Recorded = JSON.parse(
  readFileSync(new URL('fixtures/answers.json', import.meta.url), 'utf8'),
);

const FORMS: readonly NormalForm[] = ['NFC', 'NFD', 'NFKC', 'NFKD'];

type Answer = (character: string, codePoint: number) => string | number;

function digestOf(answer: Answer, isAsked: (codePoint: number) => boolean = () => true): string {
  const hash = createHash('sha256');
  let lines = '';
  for (let codePoint = 0; codePoint < 0x110000; codePoint++) {
    if (codePoint === 0xd800) codePoint = 0xe000;
    if (!isAsked(codePoint)) continue;
    lines += `${answer(String.fromCodePoint(codePoint), codePoint)}\n`;
    if (lines.length > 0x10000) {
      hash.update(lines);
      lines = '';
    }
  }
  return hash.update(lines).digest('hex');
}

function membership(set: CodePointSet): Answer {
  return (_, codePoint) => (set.has(codePoint) ? 1 : 0);
}

function outcome(normalizer: Normalizer): (text: string) => string {
  return (text) => {
    const normalized = NormalizedText.of(text);
    normalizer.normalize(normalized);
    return normalized.text;
  };
}

const NOTHING: BertNormalizerOptions = {
  cleansText: false,
  separatesChinese: false,
  stripsAccents: false,
  lowercases: false,
};

function firstOfScript(): Answer {
  const first = new Map<number, number>();
  return (_, codePoint) => {
    const script = scriptOf(codePoint);
    if (script === ANY_SCRIPT) return -1;
    if (!first.has(script)) first.set(script, codePoint);
    return first.get(script)!;
  };
}

const answers: Record<string, Answer> = {
  'white-space': membership(WHITE_SPACE),
  word: membership(WORD),
  'regex-space': membership(REGEX_SPACE),
  numeric: membership(NUMERIC),
  punctuation: membership(PUNCTUATION),
  control: membership(CONTROL),
  script: firstOfScript(),
  'bert-clean': outcome(new BertNormalizer({ ...NOTHING, cleansText: true })),
  'bert-chinese': outcome(new BertNormalizer({ ...NOTHING, separatesChinese: true })),
  'bert-accents': outcome(new BertNormalizer({ ...NOTHING, stripsAccents: true })),
  'strip-accents': outcome(new StripAccents()),
  lowercase: outcome(new Lowercase()),
  nmt: outcome(new Nmt()),
  'byte-level': outcome(new ByteLevel()),
};

for (const form of FORMS) {
  answers[form] = (character) => toNormalForm(character, form);
  answers[`${form}-context`] = (character) =>
    toNormalForm(`o\u0304${character}\u0323\u0301`, form) +
    toNormalForm(`\u09c7${character}\u1161\u11a8`, form);
}

describe('the answers of the reference for every code point', () => {
  it('are all covered', () => {
    expect(Object.keys(answers).sort()).toEqual(Object.keys(digests).sort());
  });

  it.each(Object.keys(digests))('are the same for %s', { timeout: 60_000 }, (name) => {
    expect(digestOf(answers[name]!)).toBe(digests[name]);
  });
});

describe('three marks after a letter', () => {
  const marks = [...triples.marks];

  it.each(FORMS)('are ordered in %s like the reference', { timeout: 60_000 }, (form) => {
    const hash = createHash('sha256');
    for (const x of marks) {
      for (const y of marks) {
        for (const z of marks) hash.update(`${toNormalForm(`a${x}${y}${z}`, form)}\n`);
      }
    }
    expect(hash.digest('hex')).toBe(triples.digests[form]);
  });
});

describe('grapheme clusters as the reference finds them', () => {
  const clusters = outcome(new Precompiled(charsmap, '$'));
  const contexts = Object.keys(clusterDigests);

  it.each(contexts)('are the same in %j', { timeout: 60_000 }, (context) => {
    const [before, after] = context.split('?') as [string, string];
    // The generator asks three contexts about all planes and the others about those where the properties occur.
    const isEverywhere = contexts.indexOf(context) < 3;
    const digest = digestOf(
      (character) => clusters(before + character + after),
      (codePoint) => isEverywhere || codePoint < 0x20000 || codePoint >> 12 === 0xe0,
    );
    expect(digest).toBe(clusterDigests[context]);
  });
});
