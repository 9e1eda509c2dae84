import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TokenSink } from '../token-batch.js';
import { TokenizerError } from '../tokenizer-error.js';
import { readModel } from './model-json.js';

interface ReferenceCase {
  readonly model: unknown;
  /** The reference refuses the model. */
  readonly refused?: true;
  readonly size?: number;
  readonly texts?: readonly string[];
  /** `null` where the reference fails to encode the text. */
  readonly ids?: readonly (readonly number[] | null)[];
}

type Outcome = Omit<ReferenceCase, 'model'>;

class Sink implements TokenSink {
  ids = new Uint32Array(0);
  length = 0;

  grow(capacity: number): void {
    const grown = new Uint32Array(capacity);
    grown.set(this.ids);
    this.ids = grown;
  }
}

function outcomeOf(model: unknown, texts: readonly string[]): Outcome {
  let read: ReturnType<typeof readModel>;
  try {
    read = readModel(model, '$.model');
  } catch (error) {
    if (error instanceof TokenizerError && error.code === 'malformed-tokenizer') return { refused: true };
    throw error;
  }
  const ids = texts.map((text) => {
    const sink = new Sink();
    try {
      read.tokenize(text, sink);
    } catch (error) {
      if (error instanceof TokenizerError && error.code === 'no-unknown-token') return null;
      throw error;
    }
    return [...sink.ids.subarray(0, sink.length)];
  });
  return { size: read.size, texts, ids };
}

/** `scripts/model-fixtures.py` writes the fixture, and larger files of the same form for `MODEL_CASES` to name. */
const file = process.env['MODEL_CASES'] ?? new URL('./fixtures/model-cases.jsonl', import.meta.url);
const cases = readFileSync(file, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line) as ReferenceCase);

describe('random small models', () => {
  it('load, give ids and fail exactly where the reference does', () => {
    const differences = cases.flatMap(({ model, ...expected }, index) => {
      const found = outcomeOf(model, expected.texts ?? []);
      return JSON.stringify(found) === JSON.stringify(expected) ? [] : [{ line: index + 1, found, expected }];
    });
    expect(differences.slice(0, 5)).toEqual([]);
    expect(cases.length).toBeGreaterThan(0);
  });
});
