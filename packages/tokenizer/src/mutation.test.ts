import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { loadTokenizer } from './load-tokenizer.js';
import { TokenizerError } from './tokenizer-error.js';

/** A small random number generator, so that the seed of a failure repeats it. */
class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = Math.imul(seed + 1, 0x9e3779b1);
  }

  /** Returns a whole number below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % limit;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }
}

type Holder = Record<string, unknown>;

const files = readFileSync(new URL('./fixtures/pipeline-cases.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.stringify((JSON.parse(line) as { tokenizer: object }).tokenizer));

const TEXTS = ['', 'ab [MASK] hello 日本 é 👍', ' \n<s>a  b</s>\u0301\ud83d', 'a'.repeat(300)];
/** Placeholders of huge parts, which are written into the text at the end. */
const DEEP = '@deep@';
const VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  4e9,
  2 ** 32,
  2 ** 53,
  1e21,
  1e308,
  '',
  'a',
  '\u0301',
  '(',
  '[a-z',
  '(?=a*)*b',
  '\ud800',
  [],
  {},
  ['a'],
  [[]],
  { type: 'Foo' },
  { type: 'Sequence', normalizers: [], pretokenizers: [] },
  { Regex: '(a|aa)+$' },
  { String: '' },
  'x'.repeat(1_000_000),
  DEEP,
  '__proto__',
  'constructor',
  { length: 4e9 },
];

/** Places in a parsed file as holder and key; `into` decides which values to enter. */
function placesOf(root: unknown, into: (key: string) => boolean): [Holder, string][] {
  const places: [Holder, string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push([value as Holder, key]);
      if (into(key)) visit((value as Holder)[key]);
    }
  };
  visit(root);
  return places;
}

/** Vocabulary and merges are most of a file, so most mutations skip them. */
const isBulk = (key: string): boolean => key === 'vocab' || key === 'merges';

function mutateValues(text: string, random: Random): string {
  const root: unknown = JSON.parse(text);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const everywhere = random.below(4) === 0;
    const places = placesOf(root, (key) => everywhere || !isBulk(key));
    if (places.length === 0) break;
    const [holder, key] = random.pick(places);
    switch (random.below(4)) {
      case 0:
        delete holder[key];
        break;
      case 1:
        holder[random.pick(['type', 'x', 'vocab', 'id', 'content', 'split', 'behavior'])] = structuredClone(
          random.pick(VALUES),
        );
        break;
      default:
        holder[key] = structuredClone(random.pick(VALUES));
    }
  }
  return JSON.stringify(root);
}

function mutateBytes(text: string, random: Random): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  for (let count = 1 + random.below(4); count > 0; count--)
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  return random.below(4) === 0 ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}

function mutateText(text: string, random: Random): string {
  const at = random.below(text.length);
  const insert = random.pick([
    '{',
    '}',
    '[',
    ']',
    '"',
    ',',
    ':',
    '\\',
    '\\u',
    '1e999',
    '00',
    'null',
    '\0',
    '\ufeff',
    '[['.repeat(50_000),
  ]);
  return text.slice(0, at) + insert + text.slice(at + random.below(3));
}

function mutate(seed: number): string | Uint8Array {
  const random = new Random(seed);
  const file = random.pick(files);
  switch (random.below(6)) {
    case 0:
      return mutateBytes(file, random);
    case 1:
      return mutateText(file, random);
    default: {
      const deep = random.pick([
        `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
        `${'{"type":"Sequence","normalizers":['.repeat(100_000)}${']}'.repeat(100_000)}`,
        `${'{"type":"Sequence","pretokenizers":['.repeat(40)}${']}'.repeat(40)}`,
      ]);
      return mutateValues(file, random).replace(`"${DEEP}"`, () => deep);
    }
  }
}

/** Set the variables for other seeds and more runs. */
const FIRST_SEED = Number(process.env.MUTATION_SEED ?? 0);
const MUTATIONS = Number(process.env.MUTATIONS ?? 6000);

it(`gives a tokenizer or a TokenizerError for each of ${MUTATIONS} broken files, quickly and in little memory`, () => {
  const ends = { loaded: 0, refused: 0 };
  for (let seed = FIRST_SEED; seed < FIRST_SEED + MUTATIONS; seed++) {
    const json = mutate(seed);
    // Processor time, because the process may have to wait.
    const start = process.cpuUsage();
    const before = process.memoryUsage();
    try {
      const tokenizer = loadTokenizer(json);
      ends.loaded++;
      expect(tokenizer.idLimit, `seed ${seed}`).toBeGreaterThanOrEqual(0);
      expect(tokenizer.medianTokenLength, `seed ${seed}`).toBeGreaterThanOrEqual(0);
      for (const text of TEXTS) tokenizer.encode(text, { dropUnknown: true });
    } catch (error) {
      if (!(error instanceof TokenizerError))
        throw new TypeError(`seed ${seed} ended in ${error}`, { cause: error });
      ends.refused++;
    }
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1e6, `seed ${seed} took long`).toBeLessThan(1);
    const after = process.memoryUsage();
    const grown = after.heapTotal + after.arrayBuffers - before.heapTotal - before.arrayBuffers;
    expect(grown / 2 ** 20, `seed ${seed} took megabytes`).toBeLessThan(200);
  }
  // Both outcomes must be common, or the mutations would test little.
  expect(ends.loaded).toBeGreaterThan(MUTATIONS / 20);
  expect(ends.refused).toBeGreaterThan(MUTATIONS / 20);
}, 300_000);
