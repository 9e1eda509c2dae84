import { describe, expect, it } from 'vitest';
import { MODEL_NAMES, modelFiles } from '../test/model-fixture.js';
import { fileWithHeader } from '../test/safetensors-file.js';
import { loadStaticModel } from './load-static-model.js';
import { ModelError } from './model-error.js';

const MUTATIONS = 10_000;
const SEED = 20_253;
const MOST_MILLISECONDS = 1000;
const MOST_BYTES_BEYOND_FILE = 1 << 20;

type Random = (below: number) => number;

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const NUMBERS = [
  '0',
  '1',
  '-1',
  '2',
  '4294967295',
  '4294967296',
  '9007199254740991',
  '9007199254740993',
  '18446744073709551615',
  '1e308',
  '1.0',
  '-0',
  '99999999999999999999999999',
  'null',
  '"4"',
  '[]',
  '{}',
  'NaN',
  '100000000',
  '2147483648',
];

const TEXTS = [
  'F64',
  'F32',
  'F16',
  'BF16',
  'I8',
  'I64',
  'I32',
  'U8',
  'BOOL',
  'F4',
  'F6_E2M3',
  'X',
  '',
  'embeddings',
  'mapping',
  'weights',
  'dtype',
  'shape',
  'data_offsets',
  '__metadata__',
  '__proto__',
  '\\u0000',
  '\\ud800',
  'constructor',
];

/** Header and data of a file whose length field is true. */
function parts(file: Uint8Array): { header: string; data: Uint8Array } {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(0, true);
  return { header: new TextDecoder().decode(file.subarray(8, 8 + length)), data: file.subarray(8 + length) };
}

function replaceOne(text: string, pattern: RegExp, replacement: string, random: Random): string {
  const matches = [...text.matchAll(pattern)];
  const match = matches[random(matches.length)];
  if (match === undefined) return text;
  return text.slice(0, match.index) + replacement + text.slice(match.index + match[0].length);
}

const MUTATORS: readonly ((file: Uint8Array, random: Random) => Uint8Array)[] = [
  function flipBits(file, random) {
    const mutated = file.slice();
    for (let i = random(4); i >= 0; i--) mutated[random(file.length)]! ^= 1 << random(8);
    return mutated;
  },
  function flipBitsOfTheHeader(file, random) {
    const mutated = file.slice();
    const end = file.length - parts(file).data.length;
    for (let i = random(3); i >= 0; i--) mutated[random(end)]! ^= 1 << random(8);
    return mutated;
  },
  function cutOff(file, random) {
    return file.slice(0, random(file.length));
  },
  function append(file, random) {
    const mutated = new Uint8Array(file.length + 1 + random(64));
    mutated.set(file);
    return mutated;
  },
  function disturbTheData(file, random) {
    const mutated = file.slice();
    const start = file.length - 1 - random(parts(file).data.length);
    mutated.fill(random(2) === 0 ? 0xff : 0x7f, start, start + 1 + random(8));
    return mutated;
  },
  function changeTheLength(file, random) {
    const mutated = file.slice();
    const view = new DataView(mutated.buffer);
    if (random(2) === 0) view.setUint32(0, random(2 ** 32), true);
    else view.setBigUint64(0, BigInt(random(2 ** 32)) << BigInt(random(33)), true);
    return mutated;
  },
  function replaceANumber(file, random) {
    const { header, data } = parts(file);
    return fileWithHeader(replaceOne(header, /\d+/g, NUMBERS[random(NUMBERS.length)]!, random), data);
  },
  function shiftOffsets(file, random) {
    const { header, data } = parts(file);
    const shifted = replaceOne(
      header,
      /"data_offsets":\[\d+,\d+\]/g,
      `"data_offsets":[${random(200)},${random(400)}]`,
      random,
    );
    return fileWithHeader(shifted, data);
  },
  function replaceAShape(file, random) {
    const { header, data } = parts(file);
    const shape = Array.from({ length: random(70) }, () => NUMBERS[random(NUMBERS.length)]!).join(',');
    return fileWithHeader(replaceOne(header, /"shape":\[[\d,]*\]/g, `"shape":[${shape}]`, random), data);
  },
  function replaceAString(file, random) {
    const { header, data } = parts(file);
    return fileWithHeader(replaceOne(header, /(?<=")\w+(?=")/g, TEXTS[random(TEXTS.length)]!, random), data);
  },
  function nestDeeply(file, random) {
    const { header, data } = parts(file);
    const [open, close] = random(2) === 0 ? ['[', ']'] : ['{"a":', '}'];
    const depth = 1 + random(20_000);
    const nested = open.repeat(depth) + (random(2) === 0 ? `1${close.repeat(depth)}` : '');
    return fileWithHeader(replaceOne(header, /\d+/g, nested, random), data);
  },
  function doubleAPart(file, random) {
    const { header, data } = parts(file);
    const start = random(header.length);
    const part = header.slice(start, start + random(80));
    return fileWithHeader(header.slice(0, start) + part + header.slice(start), data);
  },
  function removeAPart(file, random) {
    const { header, data } = parts(file);
    const start = random(header.length);
    return fileWithHeader(header.slice(0, start) + header.slice(start + 1 + random(20)), data);
  },
];

const MODELS = MODEL_NAMES.map((name) => modelFiles(name)).filter((files) => 'model.safetensors' in files);

describe('a mutated model.safetensors', () => {
  it(`gives a model or a typed error, quickly and without a large allocation (seed ${SEED})`, async () => {
    const random = randomFrom(SEED);
    const outcomes = new Map<string, number>();
    let slowest = 0;
    let largest = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const files = MODELS[random(MODELS.length)]!;
      const original = files['model.safetensors'] as Uint8Array;
      const mutator = MUTATORS[i % MUTATORS.length]!;
      const mutated = mutator(original, random);
      const say = `mutation ${i}, ${mutator.name}`;

      const bytesBefore = process.memoryUsage().arrayBuffers;
      // Processor time, because this process may have to wait.
      const start = process.cpuUsage();
      let outcome = 'a model';
      try {
        await loadStaticModel({ ...files, 'model.safetensors': mutated });
      } catch (error) {
        if (!ModelError.isInstance(error)) throw new TypeError(`${say}: not a ModelError`, { cause: error });
        outcome = error.code;
      }
      const { user, system } = process.cpuUsage(start);
      slowest = Math.max(slowest, (user + system) / 1000);
      // A garbage collection in between makes this negative; it must never be large.
      largest = Math.max(largest, process.memoryUsage().arrayBuffers - bytesBefore - 2 * mutated.length);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    expect(slowest).toBeLessThan(MOST_MILLISECONDS);
    expect(largest).toBeLessThan(MOST_BYTES_BEYOND_FILE);
    // Otherwise the mutations would be too mild or too rough to find anything.
    for (const outcome of ['a model', 'malformed-model', 'unsupported-model', 'model-mismatch']) {
      expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(20);
    }
  }, 60_000);
});
