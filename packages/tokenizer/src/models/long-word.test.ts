import { describe, expect, it } from 'vitest';
import { GrowingSink } from './fixtures/growing-sink.js';
import { readModel } from './model-json.js';
import type { TokenModel } from './token-model.js';

const UNITS = 1 << 20;

function vocabulary(tokens: readonly string[]): Record<string, number> {
  return Object.fromEntries(tokens.map((token, id) => [token, id]));
}

/** `a`, `aa`, … of doubling length, which all match at every place of a run of `a`. */
const RUNS = [0, 1, 2, 3, 4, 5].map((power) => 'a'.repeat(2 ** power));

const wordPiece = readModel(
  {
    type: 'WordPiece',
    unk_token: '[UNK]',
    continuing_subword_prefix: '##',
    max_input_chars_per_word: 1e9,
    vocab: vocabulary(['[UNK]', ...RUNS, ...RUNS.map((run) => `##${run}`)]),
  },
  '$.model',
);

const unigram = readModel(
  {
    type: 'Unigram',
    unk_id: 0,
    byte_fallback: true,
    vocab: [['<unk>', 0], ...RUNS.map((run) => [run, -1 / run.length])],
  },
  '$.model',
);

const bytePair = readModel(
  {
    type: 'BPE',
    unk_token: '<unk>',
    vocab: vocabulary(['<unk>', 'b', ...RUNS, 'ab', 'abab']),
    merges: [['ab', 'ab'], ['a', 'b'], ...RUNS.slice(0, -1).map((run) => [run, run])],
  },
  '$.model',
);

const wordLevel = readModel(
  { type: 'WordLevel', unk_token: '<unk>', vocab: vocabulary(['<unk>', 'a']) },
  '$.model',
);

const hostile: readonly (readonly [string, TokenModel, (units: number) => string, number])[] = [
  ['WordPiece, a run of one letter', wordPiece, (units) => 'a'.repeat(units), UNITS / 32],
  ['WordPiece, unknown at its very end', wordPiece, (units) => `${'a'.repeat(units - 1)}z`, 1],
  ['Unigram, a run of one letter', unigram, (units) => 'a'.repeat(units), UNITS / 32],
  ['Unigram, all unknown', unigram, (units) => 'é'.repeat(units), 1],
  ['Unigram, known and unknown by turns', unigram, (units) => 'az'.repeat(units / 2), UNITS],
  ['BPE, a run of one letter', bytePair, (units) => 'a'.repeat(units), UNITS / 32],
  ['BPE, pairs of two ranks', bytePair, (units) => 'ab'.repeat(units / 2), UNITS / 4],
  ['BPE, all unknown', bytePair, (units) => '語'.repeat(units), UNITS],
  ['WordLevel', wordLevel, (units) => 'a'.repeat(units), 1],
];

describe.each(hostile)('one word of a million units: %s', (_, model, make, tokens) => {
  /** Processor time: on a busy machine a long run loses more of its time to other programs than a short one. */
  function millisecondsFor(units: number): number {
    const word = make(units);
    const start = process.cpuUsage();
    model.tokenize(word, new GrowingSink());
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }

  it('has the tokens that were counted by hand', () => {
    const sink = new GrowingSink();
    model.tokenize(make(UNITS), sink);
    expect(sink.length).toBe(tokens);
  });

  it('takes no longer per unit than a much shorter word, up to a logarithm', () => {
    millisecondsFor(UNITS / 16);
    // The best of several runs, because other programs disturb some.
    const leastFor = (units: number): number => Math.min(...[1, 2, 3].map(() => millisecondsFor(units)));
    const short = Math.max(1, leastFor(UNITS / 16));
    // n log n takes about 20 times as long, n² takes 256 times.
    if (millisecondsFor(UNITS) >= short * 80) expect(leastFor(UNITS)).toBeLessThan(short * 80);
  });
});
