import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddedVocabulary } from '../added-vocabulary.js';
import { loadTokenizer } from '../load-tokenizer.js';
import { loadTokenizerLazily } from '../load-tokenizer-lazily.js';
import { readModel } from '../models/model-json.js';
import { vocabularyOf } from '../models/vocabulary.js';
import { NormalizedText } from '../normalized-text.js';
import { BertNormalizer } from '../normalizers/bert-normalizer.js';
import { BertPreTokenizer } from '../pre-tokenizers/bert-pre-tokenizer.js';
import type { Tokenizer } from '../tokenizer.js';
import { isBertJson } from './bert-json.js';
import { PlainText } from './plain-text.js';
import { SpecialTokens } from './special-tokens.js';

const FLAGS = [true, false];
const SETTINGS = FLAGS.flatMap((cleansText) =>
  FLAGS.flatMap((separatesChinese) =>
    FLAGS.flatMap((stripsAccents) =>
      FLAGS.map((lowercases) => ({ cleansText, separatesChinese, stripsAccents, lowercases })),
    ),
  ),
);

describe('pieces of a text without alignments equal those of a text with alignments', () => {
  const mustAgree = (text: string, all = SETTINGS): void => {
    for (const settings of all) {
      const normalizer = new BertNormalizer(settings);
      const [plain, aligned] = [PlainText.of(text), NormalizedText.of(text)];
      normalizer.normalize(plain);
      normalizer.normalize(aligned);
      const [plainPieces, alignedPieces]: [PlainText[], NormalizedText[]] = [[], []];
      new BertPreTokenizer<PlainText>().split(plain, plainPieces);
      new BertPreTokenizer<NormalizedText>().split(aligned, alignedPieces);
      const [got, expected] = [plainPieces, alignedPieces].map((pieces) =>
        pieces.map((piece) => piece.text).join('|'),
      );
      // `expect` is too slow to call for each.
      if (got !== expected) expect({ text, settings, got }).toEqual({ text, settings, got: expected });
    }
  };

  it('for every code point, before a mark and apart', () => {
    for (let start = 0; start < 0x110000; start += 0x400) {
      const characters = Array.from({ length: 0x400 }, (_, i) => String.fromCodePoint(start + i));
      mustAgree(characters.join('\u0301a'), SETTINGS.slice(0, 1));
    }
  });

  it('for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => mustAgree(text)),
      { numRuns: 500 },
    );
  });
});

describe('special tokens', () => {
  const model = readModel(
    {
      type: 'WordPiece',
      vocab: { a: 0, '[UNK]': 1, '[PAD]': 7 },
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 9,
    },
    '$.model',
  );
  const content = fc.string({
    unit: fc.constantFrom('a', 'b', '[', ']', '.', '\\', '$', '^', '|', '-', ' ', '中', '😀'),
  });

  it('are found like those with all settings, in any text', () => {
    fc.assert(
      fc.property(fc.array(content), content, (contents, text) => {
        const flags = { singleWord: false, stripsLeft: false, stripsRight: false, normalized: false };
        const all = contents.map((each) => ({ content: each, ...flags }));
        const expected = new AddedVocabulary(all, '$', model, undefined, () => false);
        const special = new SpecialTokens(contents, model);
        // An empty end of a text makes no difference.
        const spansOf = (spans: readonly number[]): string => {
          const triples = spans.flatMap((start, i) =>
            i % 3 === 0 ? [[start, spans[i + 1], spans[i + 2]]] : [],
          );
          return JSON.stringify(triples.filter(([start, end]) => start !== end));
        };
        expect(spansOf(special.findRaw(text))).toBe(spansOf(expected.findRaw(text)));
        expect(special.findNormalized(text)).toEqual(expected.findNormalized(text));
        expect([...special.entries()]).toEqual([...expected.entries()]);
        for (const [token, id] of expected.entries()) {
          expect(special.tokenToId(token)).toBe(id);
          expect(special.idToToken(id)).toBe(expected.idToToken(id));
        }
      }),
      { numRuns: 500 },
    );
  });
});

const vocab = { '[PAD]': 0, '[UNK]': 1, hello: 2, world: 3, '##s': 4, '!': 5, 中: 6 };
const BERT = {
  version: '1.0',
  truncation: { direction: 'Right', max_length: 512, strategy: 'LongestFirst', stride: 0 },
  padding: {
    strategy: { Fixed: 0 },
    direction: 'Right',
    pad_to_multiple_of: null,
    pad_id: 0,
    pad_type_id: 0,
    pad_token: '[PAD]',
  },
  added_tokens: ['[PAD]', '[UNK]', '[new]'].map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  })),
  normalizer: {
    type: 'BertNormalizer',
    clean_text: true,
    handle_chinese_chars: true,
    strip_accents: null,
    lowercase: true,
  },
  pre_tokenizer: { type: 'BertPreTokenizer' },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ SpecialToken: { id: '[CLS]', type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
    pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
    special_tokens: { '[CLS]': { id: '[CLS]', ids: [101], tokens: ['[CLS]'] } },
  },
  decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
  model: {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 100,
    vocab: vocabularyOf(Object.keys(vocab), (i) => Object.values(vocab)[i]!),
  },
};

/** Every value of a JSON with its path. */
function* placesOf(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.at(-1) === 'vocab' || typeof value !== 'object' || value === null) return;
  for (const [key, element] of Object.entries(value)) {
    yield [...path, key];
    yield* placesOf(element, [...path, key]);
  }
}

function changed(json: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  const copy = (Array.isArray(json) ? [...json] : { ...(json as object) }) as Record<string, unknown>;
  if (rest.length > 0) copy[key!] = changed(copy[key!], rest, value);
  else if (value === undefined && Array.isArray(copy)) copy.splice(Number(key), 1);
  else if (value === undefined) delete copy[key!];
  else copy[key!] = value;
  return copy;
}

describe('a file recognised as BERT’s', () => {
  const others = [
    undefined,
    null,
    true,
    false,
    0,
    1,
    -1,
    0.5,
    2 ** 53,
    '',
    'A',
    'B',
    'Left',
    '1.0',
    '\ud800',
    [],
    {},
    [{}],
  ];
  const variants = [...placesOf(BERT)].flatMap((place) => [
    ...others.map((other) => changed(BERT, place, other)),
    changed(BERT, [...place.slice(0, -1), 'more'], []),
  ]);
  const taken = variants.filter(isBertJson);

  it('has few added tokens, and short ones', () => {
    const withTokens = (contents: readonly string[]): unknown => ({
      ...BERT,
      added_tokens: contents.map((content) => ({ ...BERT.added_tokens[0], content })),
    });
    const many = Array.from({ length: 65 }, (_, i) => `[${i}]`);
    expect([many, many.slice(1), ['x'.repeat(65)], ['x'.repeat(64)]].map(withTokens).map(isBertJson)).toEqual(
      [false, true, false, true],
    );
  });

  it('is accepted by every other reader, with the same ids', async () => {
    expect(isBertJson(BERT)).toBe(true);
    // Most changes break it, and the others are few enough to count.
    expect(variants.length).toBeGreaterThan(1000);
    expect(taken.length).toBeGreaterThan(100);
    const texts = ['Hello worlds! [new][PAD] 中é', 'hello'];
    const answers = (tokenizer: Tokenizer): unknown[] => [
      tokenizer.idLimit,
      tokenizer.unknownId,
      ...texts.map((text) => {
        try {
          return tokenizer.encode(text).join();
        } catch (error) {
          return String(error);
        }
      }),
    ];
    for (const json of taken) {
      const expected = answers(loadTokenizer(json, { path: 'readable' }));
      const bytes = new TextEncoder().encode(JSON.stringify({ ...json, model: { ...json.model, vocab } }));
      expect(answers(await loadTokenizerLazily(bytes, { path: 'readable' }))).toEqual(expected);
    }
  });
});
